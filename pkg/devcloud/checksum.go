package devcloud

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
)

// checksumHeader carries the SHA-256 of a whole object in base64 (S3 user guide,
// "Checking object integrity in Amazon S3").
const checksumHeader = "x-amz-checksum-sha256"

// checksum is what a writer says that its object is; without one it is empty.
type checksum string

// readChecksum reads the header of a write, which plainHeaders lets through.
func readChecksum(h http.Header) (checksum, error) {
	v := h.Values(checksumHeader)
	if len(v) == 0 {
		return "", nil
	}
	if len(v) > 1 {
		return "", faultArgument
	}
	b, err := base64.StdEncoding.Strict().DecodeString(v[0])
	if err != nil || len(b) != sha256.Size {
		return "", faultChecksum
	}
	return checksum(v[0]), nil
}

// verify holds an object against what was said of it.
func (c checksum) verify(body []byte) error {
	sum := sha256.Sum256(body)
	if c != "" && string(c) != base64.StdEncoding.EncodeToString(sum[:]) {
		return faultBadDigest
	}
	return nil
}

// answer puts a verified checksum into the answer.
func (c checksum) answer(h http.Header) {
	if c != "" {
		h.Set(checksumHeader, string(c))
		h.Set("x-amz-checksum-type", "FULL_OBJECT")
	}
}
