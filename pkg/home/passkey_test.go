package home_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/home"
	"github.com/litentry/agentkeys/pkg/omni"
)

func TestEnrollments(t *testing.T) {
	d, _ := open(t)
	op := omni.OperatorOfWallet([20]byte{1})
	e := home.Enrollment{Operator: op, RPID: "companion-v2.localhost"}
	if all, err := d.Enrollments(); err != nil || len(all) != 0 {
		t.Error(all, err)
	}
	if _, err := d.ReadEnrollment(e); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	must(t, d.CreateEnrollment(e, []byte("one")))
	if err := d.CreateEnrollment(e, []byte("two")); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if s, err := d.ReadEnrollment(e); err != nil || string(s.Reveal()) != "one" {
		t.Error(err)
	}
	must(t, d.ReplaceEnrollment(e, []byte("three")))
	if s, err := d.ReadEnrollment(e); err != nil || string(s.Reveal()) != "three" {
		t.Error(err)
	}
	path := filepath.Join(d.Root(), "k11", op.String()+"--companion-v2.localhost.json")
	if st, err := os.Stat(path); err != nil || st.Mode() != 0o600 {
		t.Error(err)
	}
	write(t, filepath.Join(d.Root(), "k11", "notes.txt"), "")
	for _, other := range []string{"x--localhost.json", op.String() + "--localhost.txt", op.String() + "--Localhost.json", op.String() + ".json"} {
		write(t, filepath.Join(d.Root(), "k11", other), "")
	}
	if all, err := d.Enrollments(); err != nil || !reflect.DeepEqual(all, []home.Enrollment{e}) {
		t.Error(all, err)
	}
	for _, rp := range []string{"", ".", "..", "../x", "a/b", "A", "a--b", "a b", "-a", "a\x00", strings.Repeat("a", 129)} {
		if _, err := d.EnrollmentPath(home.Enrollment{Operator: op, RPID: rp}); err == nil {
			t.Errorf("%q accepted", rp)
		}
	}
	if _, err := d.EnrollmentPath(home.Enrollment{RPID: "localhost"}); err == nil {
		t.Error("zero operator accepted")
	}
}

func TestSoftwarePasskeyPath(t *testing.T) {
	d, _ := open(t)
	create(t, d, "acme", home.KindOperator)
	path, err := d.SoftwarePasskeyPath("acme")
	if err != nil || path != filepath.Join(d.Root(), "identities", "acme", "k11", "software.json") {
		t.Error(path, err)
	}
	if st, err := os.Stat(filepath.Dir(path)); err != nil || st.Mode().Perm() != 0o700 {
		t.Error(err)
	}
	if _, err := d.SoftwarePasskeyPath("acne"); !errors.Is(err, home.ErrUnknownName) {
		t.Error(err)
	}
}
