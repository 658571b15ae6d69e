package httpd

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"github.com/litentry/agentkeys/pkg/secret"
)

// What a request and an answer carry may be a secret, and what a process has used
// stays in its memory until something else happens to lie there. So there is one
// copy of each body, which is overwritten when the exchange is over. What is not
// reached is net/http's own: up to 4 KiB of what a connection read last, and the
// headers.

// firstRead is how much is made room for before anything came: who only promises a
// large body gets no large buffer.
const firstRead = 8 << 10

// readAll is io.ReadAll that leaves no copies behind: a buffer that became too
// small is overwritten.
func readAll(r io.Reader, expected int64) ([]byte, error) {
	// One byte more lets the end be seen without growing.
	b := make([]byte, 0, min(max(expected, 511), firstRead)+1)
	for {
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			clear(b)
			return nil, err
		}
		if len(b) == cap(b) {
			size := 2 * cap(b)
			if expected >= int64(len(b)) && expected < int64(size) {
				size = int(expected) + 1
			}
			grown := append(make([]byte, 0, size), b...)
			clear(b)
			b = grown
		}
	}
}

// reveal answers a secret and destroys it. It goes from where it lies to the
// connection: after the header, so that net/http puts nothing of it into a buffer.
func (x *exchange) reveal(s secret.Secret) error {
	defer s.Destroy()
	r := x.c.Response()
	r.Header().Set("Content-Type", "application/octet-stream")
	r.Header().Set("Content-Length", strconv.Itoa(s.Len()))
	r.WriteHeader(http.StatusOK)
	from, direct := r.Writer.(io.ReaderFrom)
	if !direct {
		_, err := r.Write(s.Reveal())
		return err
	}
	r.Flush()
	_, err := from.ReadFrom(bytes.NewReader(s.Reveal()))
	return err
}
