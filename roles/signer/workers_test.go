package signer_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/roles/signer"
)

// workersFile is a good one with two workers, and its text.
func workersFile(t testing.TB) (signer.WorkersFile, string) {
	t.Helper()
	f := signer.WorkersFile{Format: "agentkeys/workers/v1"}
	for _, c := range []service.Class{service.Credentials, service.Memory} {
		k := must[jose.PrivateKey](t)(jose.GenerateKey())
		f.Workers = append(f.Workers, signer.WorkerFile{Class: c, URLs: []string{"https://" + string(c) + ".example.com", "http://127.0.0.1:9094"}, Keys: setOf(t, k).JWKS()})
	}
	return f, string(must[[]byte](t)(strictjson.Encode(f)))
}

func TestWorkersFile(t *testing.T) {
	f, good := workersFile(t)
	w, err := signer.ParseWorkers([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range f.Workers {
		kid := one.Keys.Keys[0].Kid
		if got := signer.Listed(w)[kid]; !slices.Equal(got, append([]string{string(one.Class)}, one.URLs...)) {
			t.Errorf("%s: %v", kid, got)
		}
	}
	edit := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("%s lacks %s", good, from)
		}
		return strings.Replace(good, from, to, 1)
	}
	first := `"https://credentials.example.com"`
	key := func(i int) string { return string(must[[]byte](t)(strictjson.Encode(f.Workers[i].Keys))) }
	for name, c := range map[string]struct{ text, want string }{
		"empty":                  {"", "JSON"},
		"a list":                 {"[]", ""},
		"another format":         {edit("workers/v1", "workers/v2"), "format is not"},
		"no format":              {edit(`"format":"agentkeys/workers/v1",`, ""), "format is not"},
		"a member too many":      {edit("{", `{"x":1,`), ""},
		"a member too many in a": {edit(`{"class"`, `{"x":1,"class"`), ""},
		"a member twice":         {edit("{", `{"format":"agentkeys/workers/v1",`), ""},
		"trailing data":          {good + "{}", ""},
		"no worker":              {`{"format":"agentkeys/workers/v1","workers":[]}`, "lists no worker"},
		"an unknown class":       {edit(`"class":"credentials"`, `"class":"mail"`), "workers[0]: "},
		"a signer's class":       {edit(`"class":"memory"`, `"class":"signer"`), "workers[1]: "},
		"no class":               {edit(`"class":"credentials",`, ""), "workers[0]: "},
		"no address":             {edit(first+`,"http://127.0.0.1:9094"`, ""), "names no address"},
		"an address with path":   {edit(first, `"https://credentials.example.com/"`), "is not an origin"},
		"an address with query":  {edit(first, `"https://credentials.example.com?x"`), "is not an origin"},
		"an address with user":   {edit(first, `"https://u@credentials.example.com"`), "is not an origin"},
		"another scheme":         {edit(first, `"ftp://credentials.example.com"`), "is not an origin"},
		"no scheme":              {edit(first, `"credentials.example.com"`), "is not an origin"},
		"no host":                {edit(first, `"https://"`), "is not an origin"},
		"an upper-case scheme":   {edit(first, `"HTTPS://credentials.example.com"`), "is not an origin"},
		"an empty address":       {edit(first, `""`), "is not an origin"},
		"the second address":     {edit(`"http://127.0.0.1:9094"`, `"x"`), "is not an origin"},
		"no keys":                {edit(key(0), `{"keys":[]}`), "workers[0]: "},
		"a key twice":            {edit(key(1), key(0)), "is listed twice"},
		"a key that is none":     {edit(f.Workers[0].Keys.Keys[0].X, "AA"), "workers[0]: "},
		"a key under a false id": {edit(f.Workers[0].Keys.Keys[0].Kid, f.Workers[1].Keys.Keys[0].Kid), "workers[0]: "},
	} {
		w, err := signer.ParseWorkers([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(signer.Listed(w)) != 0 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "workers.json")
	if err := os.WriteFile(path, []byte(good), 0o644); err != nil {
		t.Fatal(err)
	}
	if w, err := signer.LoadWorkers(path); err != nil || len(signer.Listed(w)) != 2 {
		t.Errorf("%v", err)
	}
	if _, err := signer.LoadWorkers(dir); err == nil || !strings.Contains(err.Error(), "--signer-workers") {
		t.Errorf("a directory: %v", err)
	}
}

// FuzzParseWorkers: what is accepted has known classes, an address and a key
// for each worker, and is the same when it is written again.
func FuzzParseWorkers(f *testing.F) {
	_, good := workersFile(f)
	f.Add([]byte(good))
	f.Add([]byte(strings.Replace(good, "https://credentials.example.com", "https://[::1]:9094", 1)))
	f.Add([]byte(`{"format":"agentkeys/workers/v1","workers":[{"class":"email","urls":["http://a"],"keys":{"keys":[]}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := signer.ParseWorkers(b)
		if err != nil {
			return
		}
		var file signer.WorkersFile
		if err := strictjson.Decode(b, &file); err != nil {
			t.Fatal(err)
		}
		listed := signer.Listed(w)
		if len(listed) == 0 {
			t.Error("nobody is listed")
		}
		for _, v := range listed {
			if _, err := service.ParseClass(v[0]); err != nil || len(v) < 2 {
				t.Errorf("%v", v)
			}
		}
		again, err := signer.ParseWorkers(must[[]byte](t)(strictjson.Encode(file)))
		if err != nil || !maps.EqualFunc(listed, signer.Listed(again), slices.Equal[[]string]) {
			t.Errorf("written again: %v", err)
		}
	})
}
