package sts_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/sts"
)

const userID, userSecret = "AKIAOPERATIONS000001", "operations/secret/0123456789abcdefgh"

func assumeRequest() sts.AssumeRequest {
	return sts.AssumeRequest{
		RoleARN: "arn:aws:iam::111122223333:role/m", SessionName: "reencrypt",
		Tags: map[string]string{"agentkeys_class": "credentials", "agentkeys_access": "maintenance"},
		Keys: sts.StaticKeys{AccessKeyID: userID, SecretAccessKey: secret.New([]byte(userSecret))},
	}
}

func assumed(id, key, token string) string {
	return strings.ReplaceAll(fmt.Sprintf(answer, id, key, token), "AssumeRoleWithWebIdentity", "AssumeRole")
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		token, seconds string
		duration       time.Duration
	}{{"", "900", 0}, {token, "3600", time.Hour}} {
		var form url.Values
		var header http.Header
		cl := client(t, func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			form, header = r.PostForm, r.Header
			fmt.Fprint(w, assumed(id, key, token))
		})
		r := assumeRequest()
		r.Duration = c.duration
		if c.token != "" {
			r.Keys.SessionToken = secret.New([]byte(c.token))
		}
		got, err := cl.AssumeRole(t.Context(), r)
		if err != nil || got.AccessKeyID != id || string(got.SecretAccessKey.Reveal()) != key || string(got.SessionToken.Reveal()) != token ||
			!got.Expires.Equal(time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)) {
			t.Fatalf("%v %v", got, err)
		}
		want := url.Values{
			"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {r.RoleARN}, "RoleSessionName": {"reencrypt"}, "DurationSeconds": {c.seconds},
			"Tags.member.1.Key": {"agentkeys_access"}, "Tags.member.1.Value": {"maintenance"},
			"Tags.member.2.Key": {"agentkeys_class"}, "Tags.member.2.Value": {"credentials"},
		}
		if form.Encode() != want.Encode() {
			t.Errorf("sent %v", form)
		}
		auth := header.Get("Authorization")
		if !strings.HasPrefix(auth, "AWS4-HMAC-SHA256 Credential="+userID+"/") || !strings.Contains(auth, "/eu-central-1/sts/aws4_request") ||
			header.Get("X-Amz-Security-Token") != c.token {
			t.Errorf("%v", header)
		}
		// The client keeps nothing: the next exchange is unsigned.
		if _, err := cl.Exchange(t.Context(), request); err == nil || header.Get("Authorization") != "" {
			t.Errorf("exchange after it: %v, %v", err, header)
		}
	}
}

func TestAssumeRoleErrors(t *testing.T) {
	t.Parallel()
	const denied, unavailable = apierr.StorageDenied, apierr.StorageUnavailable
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   apierr.Code
	}{
		{"session", 200, assumed(id, key, token), ""},
		{"access denied", 403, refusal("AccessDenied"), denied},
		{"unknown keys", 403, refusal("InvalidClientTokenId"), denied},
		{"bad signature", 403, refusal("SignatureDoesNotMatch"), denied},
		{"too long", 400, refusal("ValidationError"), denied},
		{"throttled", 400, refusal("Throttling"), unavailable},
		{"fault", 500, "", unavailable},
		{"redirect", 307, "", unavailable},
		{"no credentials", 200, strings.ReplaceAll(assumed(id, key, token), "Credentials", "Other"), unavailable},
		{"no token", 200, assumed(id, key, ""), unavailable},
		{"no expiry", 200, strings.ReplaceAll(assumed(id, key, token), "Expiration", "Other"), unavailable},
		{"endless", 200, strings.Repeat(" ", 100<<10) + assumed(id, key, token), unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}).AssumeRole(t.Context(), assumeRequest())
			if apierr.CodeOf(err) != c.want || (c.want == "") != (err == nil) {
				t.Error(err)
			}
			if err != nil && strings.Contains(err.Error(), userSecret) {
				t.Errorf("the secret is told: %v", err)
			}
		})
	}
}

// TestAssumeRoleWantsKeys: what is not a pair of keys is not sent.
func TestAssumeRoleWantsKeys(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := client(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		fmt.Fprint(w, assumed(id, key, token))
	})
	for name, edit := range map[string]func(*sts.StaticKeys){
		"nothing":   func(k *sts.StaticKeys) { *k = sts.StaticKeys{} },
		"no id":     func(k *sts.StaticKeys) { k.AccessKeyID = "" },
		"no secret": func(k *sts.StaticKeys) { k.SecretAccessKey = secret.Secret{} },
		"line in id": func(k *sts.StaticKeys) {
			k.AccessKeyID += "\n"
		},
		"odd token": func(k *sts.StaticKeys) { k.SessionToken = secret.New([]byte("short")) },
	} {
		r := assumeRequest()
		edit(&r.Keys)
		if _, err := c.AssumeRole(t.Context(), r); err == nil || apierr.CodeOf(err) != "" || strings.Contains(err.Error(), userSecret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if calls.Load() != 0 {
		t.Errorf("%d calls", calls.Load())
	}
	if _, err := c.AssumeRole(t.Context(), assumeRequest()); err != nil || calls.Load() != 1 {
		t.Errorf("whole keys: %v", err)
	}
}

func TestAssumeRoleIgnoresTheSurroundings(t *testing.T) {
	var trapped atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { trapped.Add(1) }))
	t.Cleanup(trap.Close)
	poison(t, trap.URL)
	var sent strings.Builder
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.Write(&sent)
		fmt.Fprint(w, assumed(id, key, token))
	})
	if _, err := c.AssumeRole(t.Context(), assumeRequest()); err != nil {
		t.Fatal(err)
	}
	if trapped.Load() != 0 || strings.Contains(strings.ToLower(sent.String()), "canary") || !strings.Contains(sent.String(), userID) {
		t.Errorf("%d calls into the trap; sent: %s", trapped.Load(), sent.String())
	}
}

// TestAccount: whose keys they are, and what the service answered to others.
func TestAccount(t *testing.T) {
	t.Parallel()
	keys := assumeRequest().Keys
	cl := client(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if r.PostForm.Encode() != "Action=GetCallerIdentity&Version=2011-06-15" || !strings.Contains(r.Header.Get("Authorization"), "Credential="+userID+"/") {
			t.Errorf("%v %v", r.PostForm, r.Header)
		}
		fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	})
	if got, err := cl.Account(t.Context(), keys); err != nil || got != "111122223333" {
		t.Errorf("%q, %v", got, err)
	}
	cl = client(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, refusal("InvalidClientTokenId"))
	})
	_, err := cl.Account(t.Context(), keys)
	if status, code := sts.Refusal(err); apierr.CodeOf(err) != apierr.StorageDenied || status != http.StatusForbidden || code != "InvalidClientTokenId" {
		t.Errorf("%v: %d %s", err, status, code)
	}
	keys.AccessKeyID = "x"
	if _, err := cl.Account(t.Context(), keys); err == nil || apierr.CodeOf(err) != "" {
		t.Errorf("malformed keys: %v", err)
	}
	if status, code := sts.Refusal(nil); status != 0 || code != "" {
		t.Errorf("%d %s", status, code)
	}
}
