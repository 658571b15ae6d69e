package devcloud_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

// inTags is a configuration of a bucket with tags.
func inTags(configuration, tags string) string {
	return strings.Replace(configuration, "</CreateBucketConfiguration>", "<Tags>"+tags+"</Tags></CreateBucketConfiguration>", 1)
}

func manyTags(n int) (out string) {
	for i := range n {
		out += fmt.Sprintf("<Tag><Key>k%d</Key><Value></Value></Tag>", i)
	}
	return out
}

// TestBucketTags: a bucket has the tags with which it was made, or that were put last,
// and none that were refused.
func TestBucketTags(t *testing.T) {
	t.Parallel()
	s, _ := newAccount(t)
	ask := func(method, query, body string) (int, string) {
		q := s.asAdmin(method, "/agentkeys-new", "")
		q.query, q.body = query, []byte(body)
		w := s.answer(t, q)
		return w.Code, strings.TrimPrefix(w.Body.String(), xml.Header)
	}
	is := func(want string) {
		t.Helper()
		if _, got := ask("GET", "tagging=", ""); got != `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>`+want+`</TagSet></Tagging>` {
			t.Error(got)
		}
	}
	if status, got := ask("PUT", "", inTags(here, `<Tag><Key>b</Key><Value>2</Value></Tag><Tag><Key>a</Key><Value></Value></Tag>`)); status != 200 {
		t.Fatal(status, got)
	}
	is(`<Tag><Key>a</Key><Value></Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag>`)
	if status, _ := ask("PUT", "", inTags(here, `<Tag><Key>c</Key><Value>3</Value></Tag>`)); status != 409 {
		t.Error(status)
	}
	if status, _ := ask("PUT", "tagging=", `<Tagging><TagSet><Tag><Key>aws:x</Key><Value>1</Value></Tag></TagSet></Tagging>`); status != 400 {
		t.Error(status)
	}
	is(`<Tag><Key>a</Key><Value></Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag>`)
	if status, got := ask("PUT", "tagging=", `<Tagging><TagSet>`+manyTags(50)+`</TagSet></Tagging>`); status != 204 || got != "" {
		t.Error(status, got)
	}
	if status, _ := ask("PUT", "tagging=", `<Tagging><TagSet></TagSet></Tagging>`); status != 204 {
		t.Error(status)
	}
	if status, got := ask("GET", "tagging=", ""); status != 404 || !strings.Contains(got, "<Code>NoSuchTagSet</Code>") {
		t.Error(status, got)
	}
}
