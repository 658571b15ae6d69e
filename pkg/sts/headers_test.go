package sts_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/sts"
)

const (
	id, id2 = "ASIAEXAMPLE000000001", "ASIAEXAMPLE000000002"
	key     = "abcdefghijABCDEFGHIJ0123456789/+=abcdefg"
	token   = "IQoJb3JpZ2luX2VjEXAMPLE//+=="
)

func credentials() sts.Credentials {
	return sts.Credentials{AccessKeyID: id, SecretAccessKey: secret.New([]byte(key)), SessionToken: secret.New([]byte(token))}
}

func good() http.Header {
	h := http.Header{"X-Other": {"x"}}
	sts.SetHeaders(h, credentials())
	return h
}

func TestHeaders(t *testing.T) {
	h := good()
	h.Add(sts.HeaderSessionToken, "left over")
	sts.SetHeaders(h, credentials())
	c, err := sts.ParseHeaders(h)
	if err != nil || c.AccessKeyID != id || string(c.SecretAccessKey.Reveal()) != key || string(c.SessionToken.Reveal()) != token {
		t.Fatalf("%v %v", c, err)
	}
	if s := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(s, key) || strings.Contains(s, token) {
		t.Errorf("printed: %s", s)
	}
	lower := http.Header{}
	for k, v := range good() {
		lower[strings.ToLower(k)] = v
	}
	if _, err := sts.ParseHeaders(lower); err != nil {
		t.Errorf("a name in another case is the same name: %v", err)
	}
}

// TestHeadersRefuse is A3: every way of sending less than a whole session.
func TestHeadersRefuse(t *testing.T) {
	names := []string{sts.HeaderAccessKeyID, sts.HeaderSecretAccessKey, sts.HeaderSessionToken}
	cases := map[string]http.Header{"nil": nil, "none": {}}
	add := func(name string, edit func(http.Header)) {
		h := good()
		edit(h)
		cases[name] = h
	}
	for missing := 1; missing < 8; missing++ { // every subset but the whole
		add(fmt.Sprintf("without %03b", missing), func(h http.Header) {
			for i, n := range names {
				if missing>>i&1 == 1 {
					h.Del(n)
				}
			}
		})
	}
	for _, n := range names {
		add(n+" empty", func(h http.Header) { h.Set(n, "") })
		add(n+" no values", func(h http.Header) { h[n] = nil })
		add(n+" twice", func(h http.Header) { h.Add(n, h.Get(n)) })
		add(n+" and empty", func(h http.Header) { h.Add(n, "") })
		add(n+" in two cases", func(h http.Header) { h[strings.ToLower(n)] = []string{h.Get(n)} })
		add(n+" joined", func(h http.Header) { h.Set(n, h.Get(n)+", "+h.Get(n)) })
		add(n+" short", func(h http.Header) { h.Set(n, "short") })
		add(n+" space", func(h http.Header) { h.Set(n, " "+h.Get(n)) })
		add(n+" newline", func(h http.Header) { h.Set(n, h.Get(n)+"\n") })
		add(n+" NUL", func(h http.Header) { h.Set(n, h.Get(n)+"\x00") })
		add(n+" letter outside ASCII", func(h http.Header) { h.Set(n, h.Get(n)+"ſ") })
		add(n+" long", func(h http.Header) { h.Set(n, strings.Repeat("A", 9000)) })
	}
	add("renamed", func(h http.Header) { h["X_Aws_Session_Token"] = h[names[2]]; h.Del(names[2]) })
	add("as trailer key", func(h http.Header) { h[http.TrailerPrefix+names[2]] = h[names[2]]; h.Del(names[2]) })
	for name, h := range cases {
		if c, err := sts.ParseHeaders(h); apierr.CodeOf(err) != apierr.STSHeadersIncomplete || !reflect.DeepEqual(c, sts.Credentials{}) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), token) {
			t.Errorf("%s: the refusal repeats a secret", name)
		}
	}
}

// TestTrailersNeverCount sends the third header after the body.
func TestTrailersNeverCount(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, err := sts.ParseHeaders(r.Header)
		fmt.Fprint(w, apierr.CodeOf(err))
		if r.Header.Get("Late") == "yes" && r.Trailer.Get(sts.HeaderSessionToken) != token {
			t.Error("the trailer did not arrive: this test shows nothing")
		}
	}))
	t.Cleanup(srv.Close)
	send := func(text string) string {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, text)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	start := "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n" +
		"x-aws-access-key-id: " + id + "\r\nX-AWS-SECRET-ACCESS-KEY: " + key + "\r\n"
	session := sts.HeaderSessionToken + ": " + token + "\r\n"
	if got := send(start + session + "\r\n1\r\nx\r\n0\r\n\r\n"); got != "" {
		t.Errorf("in the header: %q", got)
	}
	if got := send(start + "Late: yes\r\nTrailer: " + sts.HeaderSessionToken + "\r\n\r\n1\r\nx\r\n0\r\n" + session + "\r\n"); got != string(apierr.STSHeadersIncomplete) {
		t.Errorf("in the trailer: %q", got)
	}
}

func FuzzParseHeaders(f *testing.F) {
	f.Add(sts.HeaderAccessKeyID, id, sts.HeaderSecretAccessKey, key, sts.HeaderSessionToken, token)
	f.Add("x-aws-access-key-id", id, "X-AWS-SECRET-ACCESS-KEY", key, "X-Aws-Session-Token", token)
	f.Add(sts.HeaderAccessKeyID, id, sts.HeaderAccessKeyID, id2, "x-aws-access-key-id", "")
	f.Fuzz(func(t *testing.T, n1, v1, n2, v2, n3, v3 string) {
		h := http.Header{}
		h[n1] = append(h[n1], v1)
		h[n2] = append(h[n2], v2)
		h[n3] = append(h[n3], v3)
		c, err := sts.ParseHeaders(h)
		if err != nil {
			if apierr.CodeOf(err) != apierr.STSHeadersIncomplete {
				t.Fatal(err)
			}
			return
		}
		// Accepted: three headers that really are these three, and writing
		// them again gives the same session.
		again := http.Header{}
		sts.SetHeaders(again, c)
		for name, value := range map[string]string{n1: v1, n2: v2, n3: v3} {
			if again.Get(name) != value || strings.ContainsAny(value, " \t\r\n\x00,;") {
				t.Fatalf("%q: %q", name, value)
			}
		}
		if len(h) != 3 || len(again) != 3 {
			t.Fatal("accepted a session that was not whole")
		}
	})
}
