package httpd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/rs/zerolog"

	"github.com/litentry/agentkeys/pkg/secret"
)

// watched remembers the buffers that it was given to read into.
type watched struct {
	r    io.Reader
	seen [][]byte
}

func (w *watched) Read(p []byte) (int, error) {
	w.seen = append(w.seen, p[:0:cap(p)])
	return w.r.Read(p)
}

func TestReadAllLeavesNoCopies(t *testing.T) {
	for _, n := range []int{0, 1, 511, 512, 513, firstRead, firstRead + 1, 100_000} {
		want := bytes.Repeat([]byte{'s'}, n)
		for _, expected := range []int64{-1, 0, int64(n), 5, 1 << 30} {
			w := &watched{r: iotest.HalfReader(bytes.NewReader(want))}
			got, err := readAll(w, expected)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes, %d expected: %d, %v", n, expected, len(got), err)
			}
			clear(got)
			for _, b := range w.seen {
				if bytes.IndexByte(b[:cap(b)], 's') >= 0 {
					t.Fatalf("%d bytes, %d expected: a copy is left", n, expected)
				}
			}
		}
	}
	broken := &watched{r: io.MultiReader(strings.NewReader("secret"), iotest.ErrReader(io.ErrUnexpectedEOF))}
	if _, err := readAll(broken, 10); !errors.Is(err, io.ErrUnexpectedEOF) || bytes.IndexByte(broken.seen[0][:cap(broken.seen[0])], 's') >= 0 {
		t.Errorf("a body that breaks off: %v, %q", err, broken.seen[0][:8])
	}
	if w := (&watched{r: strings.NewReader("")}); true {
		if _, err := readAll(w, 1<<40); err != nil || cap(w.seen[0]) > 2*firstRead {
			t.Errorf("a promise makes room for %d bytes: %v", cap(w.seen[0]), err)
		}
	}
}

// TestBodiesAreOverwritten: of what came and of what went, nothing is left where it
// lay.
func TestBodiesAreOverwritten(t *testing.T) {
	var in []byte
	held := []byte("a secret that goes out")
	s := New(Options{Log: zerolog.Nop(), Now: time.Now})
	Handle(s.Mux("test", "worker", "http://localhost"), "POST", "/v1/swap", Public(), func(_ context.Context, _ Anyone, r Raw) (Bytes, error) {
		if in = r.Bytes; string(in) == "fail" {
			return Bytes{}, errors.New("no")
		}
		return Bytes{Data: secret.Own(held)}, nil
	})
	srv := httptest.NewServer(s)
	defer srv.Close()
	for _, body := range []string{"fail", "a secret that comes in"} {
		resp, err := http.Post(srv.URL+"/v1/swap", "application/octet-stream", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if ok := body != "fail"; err != nil || (resp.StatusCode == 200) != ok || ok && (string(got) != "a secret that goes out" || resp.ContentLength != int64(len(got)) || resp.Header.Get("Content-Type") != "application/octet-stream") {
			t.Fatalf("%d %q %v", resp.StatusCode, got, err)
		}
		if len(in) != len(body) || !bytes.Equal(in, make([]byte, len(body))) {
			t.Errorf("the request's body is still there: %q", in)
		}
	}
	srv.Close() // which waits for the exchange to be over
	if !bytes.Equal(held, make([]byte, len(held))) {
		t.Errorf("the answer is still there: %q", held)
	}
}
