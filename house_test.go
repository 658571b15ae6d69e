package main_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// These tests hold the house rules of docs/architecture.md. Each rule carries
// its reason, which a failure prints.

const module = "github.com/litentry/agentkeys"

type goPackage struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports         []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []goPackage
	d := json.NewDecoder(strings.NewReader(string(out)))
	for d.More() {
		var p goPackage
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) < 10 {
		t.Fatalf("go list found only %d packages", len(pkgs))
	}
	return pkgs
}

// leaves import the standard library and a hash, nothing else.
var leaves = []string{"secret", "omni", "apierr", "service", "files", "merkle"}

// edges may import mechanisms and leaves; nothing but another edge, a role or
// main imports them.
var edges = []string{"api", "client", "operator", "keeper", "httpd", "role", "worker", "home", "profile", "cli"}

// owners lists, for each outside library, the only places that may import it.
var owners = []struct {
	prefix  string
	allowed []string
	reason  string
}{
	{"github.com/labstack/echo", []string{"pkg/httpd"}, "every route goes through httpd.Handle"},
	{"github.com/urfave/cli", []string{"pkg/cli", "pkg/role", "pkg/worker", "roles"}, "commands and role flags only"},
	{"github.com/lestrrat-go/jwx", []string{"pkg/jose", "pkg/captoken", "pkg/session", "pkg/oidc"}, "jwx does not tie algorithm to curve; only the token packages guard it"},
	{"github.com/fxamacker/webauthn", []string{"pkg/passkey"}, "its gaps are guarded in one place"},
	{"github.com/aws/", []string{"pkg/sts", "pkg/blob", "pkg/kms", "pkg/provision", "pkg/devcloud"}, "storage opens only with STS credentials, a key only with keys that were handed over; no second client"},
	{"filippo.io/age", []string{"pkg/seal"}, "one format for what is sealed at rest, with its errors told apart in one place"},
	{"go.etcd.io/bbolt", []string{"pkg/devcloud"}, "development storage only"},
	{"github.com/ethereum/go-ethereum", []string{"pkg/chain", "pkg/anchor", "pkg/auditproof", "pkg/typeddata", "pkg/siwe", "pkg/dpop", "pkg/passkey", "pkg/home", "pkg/cli", "pkg/api", "pkg/client", "pkg/operator", "pkg/keeper", "pkg/profile", "pkg/session", "pkg/maintenance", "pkg/worker/workertest", "solidity", "roles"}, "the chain and its hashes"},
	{"github.com/tyler-smith/go-bip39", []string{"pkg/home"}, "imported keys are made in one place"},
	{"modernc.org/sqlite", []string{"pkg/store"}, "one store behind database/sql"},
	{"github.com/lib/pq", []string{"pkg/store"}, "every session is made durable, and its way verified, in one place"},
	{"github.com/go-json-experiment/json", []string{"pkg/strictjson"}, "one strict decoder"},
	{"github.com/getkin/kin-openapi", nil, "it judges what we describe, in tests alone"},
	{"golang.org/x/time/rate", []string{"pkg/httpd"}, "rate limits stand at the edge"},
	{"math/rand", nil, "randomness comes from crypto/rand"},
	{"encoding/json", []string{"pkg/typeddata", "solidity"}, "untrusted JSON goes through strictjson (these two write it, or read what is embedded)"},
}

func under(dir string, roots []string) bool {
	for _, r := range roots {
		if dir == r || strings.HasPrefix(dir, r+"/") {
			return true
		}
	}
	return false
}

func first(dir, root string) string {
	rest, ok := strings.CutPrefix(dir, root+"/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func TestImportRules(t *testing.T) {
	for _, p := range listPackages(t) {
		dir := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		for _, imp := range p.Imports {
			if why := forbidden(dir, imp); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imp, why)
			}
		}
	}
}

// forbidden returns the reason why a package in dir must not import imp.
func forbidden(dir, imp string) string {
	own, inside := strings.CutPrefix(imp, module+"/")
	from := first(dir, "pkg")
	if !inside {
		if slices.Contains(leaves, from) && strings.Contains(imp, ".") && !strings.HasPrefix(imp, "golang.org/x/crypto/sha3") && !strings.HasPrefix(imp, "golang.org/x/sys") {
			return "a leaf imports the standard library, at most a hash"
		}
		for _, o := range owners {
			if strings.HasPrefix(imp, o.prefix) && !under(dir, o.allowed) {
				return o.reason
			}
		}
		return ""
	}
	to := first(own, "pkg")
	switch {
	case strings.HasPrefix(own, "roles") && from != "":
		return "pkg never imports roles"
	case dir != "" && dir != "roles" && strings.HasPrefix(own, "roles") && first(own, "roles") != first(dir, "roles"):
		return "roles do not import each other"
	case slices.Contains(leaves, from) && !slices.Contains(leaves, to):
		return "a leaf imports no mechanism"
	case from != "" && !slices.Contains(edges, from) && slices.Contains(edges, to):
		return "a mechanism imports no edge"
	case to == "cli" && dir != "" && from != "cli":
		return "only main starts the command line"
	case to == "devcloud" && from != "cli" && from != "devcloud", strings.HasPrefix(own, "pkg/chain/devchain") && from != "cli":
		return "development stacks are started by the dev and demo commands only"
	}
	return ""
}

func TestForbiddenFindsWhatItShould(t *testing.T) {
	for _, c := range []struct {
		dir, imp string
		bad      bool
	}{
		{"pkg/omni", module + "/pkg/chain", true},
		{"pkg/omni", "golang.org/x/crypto/sha3", false},
		{"pkg/omni", "github.com/rs/zerolog", true},
		{"pkg/chain", module + "/pkg/httpd", true},
		{"pkg/chain", module + "/roles/broker", true},
		{"roles/broker", module + "/roles/cred", true},
		{"roles/broker", module + "/pkg/httpd", false},
		{"roles", module + "/roles/cred", false},
		{"", module + "/roles", false},
		{"", module + "/pkg/cli", false},
		{"roles/cred", module + "/pkg/devcloud", true},
		{"roles/cred", module + "/pkg/devcloud/rgw", true},
		{"pkg/devcloud/cloudtest", module + "/pkg/devcloud", false},
		{"pkg/cli/demo", module + "/pkg/devcloud", false},
		{"pkg/envelope", "github.com/aws/aws-sdk-go-v2/service/s3", true},
		{"pkg/blob", "github.com/aws/aws-sdk-go-v2/service/s3", false},
		{"pkg/httpd", "github.com/getkin/kin-openapi/openapi3", true},
		{"pkg/keys", "math/rand/v2", true},
	} {
		if got := forbidden(c.dir, c.imp); (got != "") != c.bad {
			t.Errorf("%s -> %s: %q", c.dir, c.imp, got)
		}
	}
}

// calls that only the named places may make.
var calls = []struct {
	pkg, name string
	allowed   []string
	reason    string
}{
	{"os", "Getenv", nil, "flags carry the environment"},
	{"os", "LookupEnv", nil, "flags carry the environment"},
	{"os", "Environ", []string{"main.go"}, "main hands the environment to the command line"},
	{"time", "Now", []string{"main.go"}, "the clock is injected"},
	{"time", "Since", nil, "the clock is injected"},
	{"time", "Until", nil, "the clock is injected"},
	{"time", "Sleep", nil, "wait for what is awaited, not for time"},
}

func TestCodeRules(t *testing.T) {
	for _, p := range listPackages(t) {
		if strings.HasSuffix(p.ImportPath, "/bindings") {
			continue // generated
		}
		fset := token.NewFileSet()
		vars := map[string]bool{}
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
					for _, s := range g.Specs {
						for _, n := range s.(*ast.ValueSpec).Names {
							vars[n.Name] = n.Name != "_"
						}
					}
				}
			}
		}
		dir := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		for _, f := range files {
			checkFile(t, fset, f, dir, vars)
		}
	}
}

func checkFile(t *testing.T, fset *token.FileSet, f *ast.File, dir string, vars map[string]bool) {
	where := func(n ast.Node) string { return fset.Position(n.Pos()).String() }
	file := filepath.Join(dir, filepath.Base(fset.Position(f.Pos()).Filename))
	packageVar := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		if !ok || !vars[id.Name] {
			return false
		}
		if id.Obj == nil {
			return true
		}
		spec, ok := id.Obj.Decl.(*ast.ValueSpec)
		return ok && slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
			g, ok := d.(*ast.GenDecl)
			return ok && slices.Contains(g.Specs, ast.Spec(spec))
		})
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				t.Errorf("%s: no init(): order of start must be visible", where(n))
			}
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if n.Tok != token.DEFINE && packageVar(l) {
					t.Errorf("%s: a package variable is assigned: no mutable package state", where(n))
				}
			}
		case *ast.IncDecStmt:
			if packageVar(n.X) {
				t.Errorf("%s: a package variable is changed: no mutable package state", where(n))
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok || x.Obj != nil {
				return true
			}
			for _, c := range calls {
				if x.Name == c.pkg && n.Sel.Name == c.name && !slices.Contains(c.allowed, file) {
					t.Errorf("%s: %s.%s: %s", where(n), c.pkg, c.name, c.reason)
				}
			}
		}
		return true
	})
}

func TestTreeRules(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "out" || d.Name() == "cache"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".sh"):
			t.Errorf("%s: no shell scripts but .ci/run", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
