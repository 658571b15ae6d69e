package devcloud

import (
	"io"
	"net/http"
	"strings"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	targetHeader = "X-Amz-Target"
	maxKMSBody   = 32 << 10
)

// The refusals of KMS (AWS KMS API reference, Encrypt, Decrypt, Common errors).
var (
	kmsUnknownOperation = &fault{http.StatusBadRequest, "UnknownOperationException", "This development cloud does only what the product asks for."}
	kmsSerialization    = &fault{http.StatusBadRequest, "SerializationException", "The request is not one that is in use here."}
	kmsValidation       = &fault{http.StatusBadRequest, "ValidationException", "A parameter is missing, malformed or too long."}
	kmsNoSignature      = &fault{http.StatusBadRequest, "MissingAuthenticationTokenException", "Missing Authentication Token"}
	kmsHalfSigned       = &fault{http.StatusBadRequest, "IncompleteSignatureException", "The request signature does not conform to AWS standards."}
	kmsUnknownKey       = &fault{http.StatusBadRequest, "UnrecognizedClientException", "The security token included in the request is invalid."}
	kmsSignature        = &fault{http.StatusBadRequest, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided."}
	kmsNotFound         = &fault{http.StatusBadRequest, "NotFoundException", "There is no such key."}
	kmsAccessDenied     = &fault{http.StatusBadRequest, "AccessDeniedException", "The key is not one of this account."}
	kmsInvalid          = &fault{http.StatusBadRequest, "InvalidCiphertextException", ""}
	kmsInternal         = &fault{http.StatusInternalServerError, "KMSInternalException", "We encountered an internal error. Please try again."}
)

var kmsScheme = scheme{
	service: "kms", missing: kmsNoSignature, malformed: kmsHalfSigned,
	signature: kmsSignature, skewed: kmsSignature,
}

// serveKMS answers the two operations of the JSON 1.1 protocol.
func (c *Cloud) serveKMS(w http.ResponseWriter, r *http.Request) {
	status, out := http.StatusOK, any(nil)
	if answer, err := c.doKMS(r); err == nil {
		out = answer
	} else {
		f := faultOf(err)
		if f == faultInternal {
			f = kmsInternal
		}
		status, out = f.status, kmsError{f.code, f.message}
	}
	body, err := strictjson.Encode(out)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kmsMedia)
	w.Header().Set("X-Amzn-Requestid", requestID())
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

const kmsMedia = "application/x-amz-json-1.1"

// doKMS recognises, authenticates, then executes.
func (c *Cloud) doKMS(r *http.Request) (any, error) {
	op, ok := strings.CutPrefix(one(r.Header, targetHeader), "TrentService.")
	if !ok || op != "Encrypt" && op != "Decrypt" {
		return nil, kmsUnknownOperation
	}
	if one(r.Header, "Content-Type") != kmsMedia || r.URL.RawQuery != "" {
		return nil, kmsSerialization
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxKMSBody+1))
	if err != nil || len(body) > maxKMSBody {
		return nil, kmsSerialization
	}
	id, err := c.verify(r, body, kmsScheme, c.userSecret(kmsUnknownKey))
	switch {
	case err != nil:
		return nil, err
	case !c.users[id].assumes():
		return nil, kmsAccessDenied
	}
	if op == "Encrypt" {
		var in encryptRequest
		if err := strictjson.Decode(body, &in); err != nil {
			return nil, kmsSerialization
		}
		return c.encrypt(in)
	}
	var in decryptRequest
	if err := strictjson.Decode(body, &in); err != nil {
		return nil, kmsSerialization
	}
	return c.decrypt(in)
}

// The wire types: of what AWS defines, the members that the product sends and
// reads. Bytes travel as base64.
type encryptRequest struct {
	KeyID     string `json:"KeyId"`
	Plaintext []byte
	Context   map[string]string `json:"EncryptionContext"`
}

type encryptAnswer struct {
	CiphertextBlob []byte
	Algorithm      string `json:"EncryptionAlgorithm"`
	KeyID          string `json:"KeyId"` // the ARN
}

type decryptRequest struct {
	KeyID          string `json:"KeyId"`
	CiphertextBlob []byte
	Context        map[string]string `json:"EncryptionContext"`
}

type decryptAnswer struct {
	Plaintext []byte
	Algorithm string `json:"EncryptionAlgorithm"`
	KeyID     string `json:"KeyId"`
}

type kmsError struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}
