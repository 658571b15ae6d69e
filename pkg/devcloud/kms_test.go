package devcloud_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// KMS by hand; package kms has the tests of the product's own client.

const encryptBody = `{"KeyId":"` + kmsKeyID + `","Plaintext":"eA==","EncryptionContext":{"a":"b"}}`

func (s *stack) kmsShot(body string) shot {
	q := s.shot(sts.Credentials{AccessKeyID: ops().AccessKeyID, SecretAccessKey: ops().SecretAccessKey}, "POST", "/")
	q.service, q.body = "kms", []byte(body)
	q.header = map[string]string{"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.Encrypt"}
	return q
}

// kms sends and returns the code, empty for a ciphertext.
func (s *stack) kms(t testing.TB, q shot) string {
	t.Helper()
	w := s.answer(t, q)
	var out struct {
		Type           string `json:"__type"`
		CiphertextBlob []byte
		KeyId          string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Header().Get("Content-Type") != "application/x-amz-json-1.1" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if (w.Code == http.StatusOK) != (out.Type == "") || (w.Code == http.StatusOK) != (len(out.CiphertextBlob) > 0) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w.Code == http.StatusOK && out.KeyId != devcloud.KeyARN(region, account, kmsKeyID) {
		t.Errorf("key %s", out.KeyId)
	}
	return out.Type
}

func TestKMSAllowList(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	session := s.exchange(t, vaultRole, actor(t, 1), service.Credentials, "write")
	header := func(k, v string) func(*shot) { return func(q *shot) { q.header[k] = v } }
	after := func(f func(*http.Request)) func(*shot) { return func(q *shot) { q.after = f } }
	body := func(b string) func(*shot) { return func(q *shot) { q.body = []byte(b) } }
	with := func(member string) func(*shot) { return body(strings.Replace(encryptBody, "{", "{"+member+",", 1)) }
	for _, c := range []struct {
		name string
		edit func(*shot)
		want string
	}{
		{"honest", func(*shot) {}, ""},
		{"data key", header("X-Amz-Target", "TrentService.GenerateDataKey"), "UnknownOperationException"},
		{"re-encrypt", header("X-Amz-Target", "TrentService.ReEncrypt"), "UnknownOperationException"},
		{"key's end", header("X-Amz-Target", "TrentService.ScheduleKeyDeletion"), "UnknownOperationException"},
		{"other service", header("X-Amz-Target", "DynamoDB_20120810.Encrypt"), "UnknownOperationException"},
		{"no service", header("X-Amz-Target", "Encrypt"), "UnknownOperationException"},
		{"two targets", after(func(r *http.Request) { r.Header.Add("X-Amz-Target", "TrentService.Decrypt") }), "UnknownOperationException"},
		{"other media type", header("Content-Type", "application/json"), "SerializationException"},
		{"query", func(q *shot) { q.query = "x=y" }, "SerializationException"},
		{"huge", body(encryptBody + strings.Repeat(" ", 40<<10)), "SerializationException"},

		{"unsigned", after(func(r *http.Request) { r.Header.Del("Authorization") }), "MissingAuthenticationTokenException"},
		{"signed for storage", func(q *shot) { q.service = "s3" }, "IncompleteSignatureException"},
		{"signed for STS", func(q *shot) { q.service = "sts" }, "IncompleteSignatureException"},
		{"target not signed", after(func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ";x-amz-target", "", 1))
		}), "IncompleteSignatureException"},
		{"target changed", after(func(r *http.Request) { r.Header.Set("X-Amz-Target", "TrentService.Decrypt") }), "InvalidSignatureException"},
		{"body changed", func(q *shot) { q.hash = strings.Repeat("0", 64) }, "InvalidSignatureException"},
		{"old", func(q *shot) { q.at = q.at.Add(-16 * time.Minute) }, "InvalidSignatureException"},
		{"of the future", func(q *shot) { q.at = q.at.Add(16 * time.Minute) }, "InvalidSignatureException"},
		{"other secret", func(q *shot) { q.creds.SecretAccessKey = secret.New([]byte("x")) }, "InvalidSignatureException"},
		{"unknown user", func(q *shot) { q.creds.AccessKeyID = "AKIAUNKNOWNUSER00001" }, "UnrecognizedClientException"},
		{"a session", func(q *shot) { q.creds = session }, "UnrecognizedClientException"},

		{"grants", with(`"GrantTokens":["x"]`), "SerializationException"},
		{"dry run", with(`"DryRun":true`), "SerializationException"},
		{"algorithm", with(`"EncryptionAlgorithm":"RSAES_OAEP_SHA_256"`), "SerializationException"},
		{"member twice", with(`"Plaintext":"eA=="`), "SerializationException"},
		{"not base64", body(strings.Replace(encryptBody, "eA==", "e", 1)), "SerializationException"},
		{"no JSON", body(`x`), "SerializationException"},
		{"no key", body(`{"Plaintext":"eA=="}`), "ValidationException"},
		{"no plaintext", body(`{"KeyId":"` + kmsKeyID + `"}`), "ValidationException"},
		{"nameless context", body(strings.Replace(encryptBody, `"a"`, `""`, 1)), "ValidationException"},
		{"long plaintext", body(strings.Replace(encryptBody, "eA==", strings.Repeat("eA", 2732), 1)), "ValidationException"},
		{"long context", body(strings.Replace(encryptBody, `"b"`, `"`+strings.Repeat("b", 8192)+`"`, 1)), "ValidationException"},
		{"longest context", body(strings.Replace(encryptBody, `"b"`, `"`+strings.Repeat("b", 8191)+`"`, 1)), ""},
		{"other key", body(strings.Replace(encryptBody, kmsKeyID, "00000000-0000-0000-0000-000000000000", 1)), "NotFoundException"},
		{"key of another region", body(strings.Replace(encryptBody, kmsKeyID, devcloud.KeyARN("us-east-1", account, kmsKeyID), 1)), "AccessDeniedException"},
		{"key by ARN", body(strings.Replace(encryptBody, kmsKeyID, devcloud.KeyARN(region, account, kmsKeyID), 1)), ""},
	} {
		q := s.kmsShot(encryptBody)
		c.edit(&q)
		if got := s.kms(t, q); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	without := newStack(t, func(c *devcloud.Config) { c.KMSKeyID = "" })
	if got := without.kms(t, without.kmsShot(encryptBody)); got != "NotFoundException" {
		t.Errorf("a cloud without a key: %q", got)
	}
}

// FuzzKMS: whatever a user signs, the answer is a ciphertext or a refusal of
// the table, never an internal error.
func FuzzKMS(f *testing.F) {
	for _, b := range []string{encryptBody, "", "{}", "null", `{"KeyId":"x"}`, `{"CiphertextBlob":"eA==","KeyId":"` + kmsKeyID + `"}`, `[1]`} {
		f.Add(b, "Encrypt")
		f.Add(b, "Decrypt")
	}
	s := newStack(f)
	f.Fuzz(func(t *testing.T, body, op string) {
		q := s.kmsShot(body)
		q.header["X-Amz-Target"] = "TrentService.Encrypt"
		if op == "Decrypt" {
			q.header["X-Amz-Target"] = "TrentService.Decrypt"
		}
		w := s.answer(t, q)
		if op == "Decrypt" && w.Code == http.StatusOK || w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}

// FuzzAssumeRole: whatever form a user signs, a session comes only for the
// maintenance role under its two tags.
func FuzzAssumeRole(f *testing.F) {
	honest := url.Values{
		"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {maintRole}, "RoleSessionName": {"test"}, "DurationSeconds": {"900"},
		"Tags.member.1.Key": {"agentkeys_class"}, "Tags.member.1.Value": {"credentials"}, "Tags.member.2.Key": {"agentkeys_access"}, "Tags.member.2.Value": {"maintenance"},
	}.Encode()
	for _, b := range []string{honest, "", "Action=AssumeRole", honest + "&Tags.member.3.Key=x", strings.Replace(honest, "maintenance", "write", 1), "%zz"} {
		f.Add(b)
	}
	s := newStack(f)
	f.Fuzz(func(t *testing.T, body string) {
		q := s.kmsShot(body)
		q.service, q.header = "sts", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
		w := s.answer(t, q)
		if w.Code >= 500 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w.Code != http.StatusOK {
			return
		}
		form, err := url.ParseQuery(body)
		if err != nil || form.Get("RoleArn") != maintRole || !strings.Contains(body, "maintenance") || !strings.Contains(body, "credentials") {
			t.Fatalf("a session for %q", body)
		}
	})
}
