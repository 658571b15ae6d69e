package home

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/secret"
)

// Enrollment names one passkey enrollment of this machine.
type Enrollment struct {
	Operator omni.Operator
	RPID     string
}

var rpIDGrammar = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

const (
	separator = "--"
	maxRPID   = 128
)

// EnrollmentPath is the enrollment file of an operator at a relying party; its
// directory is there afterwards. A double hyphen in the rp id is refused: it
// separates the two parts of the name.
func (d *Dir) EnrollmentPath(e Enrollment) (string, error) {
	if e.Operator.IsZero() || len(e.RPID) > maxRPID || !rpIDGrammar.MatchString(e.RPID) || strings.Contains(e.RPID, separator) {
		return "", fmt.Errorf("passkey enrollment: %q is not a relying party id of an operator", clip(e.RPID))
	}
	dir, err := d.subdir(passkeyDir)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, e.Operator.String()+separator+e.RPID+".json"), nil
}

// ReadEnrollment returns the content of an enrollment file.
func (d *Dir) ReadEnrollment(e Enrollment) (secret.Secret, error) {
	path, err := d.EnrollmentPath(e)
	if err != nil {
		return secret.Secret{}, err
	}
	s, err := files.Read(path)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("passkey enrollment: %w", err)
	}
	return s, nil
}

// CreateEnrollment writes a new enrollment file; one that exists is
// fs.ErrExist and stays.
func (d *Dir) CreateEnrollment(e Enrollment, content []byte) error {
	path, err := d.EnrollmentPath(e)
	if err != nil {
		return err
	}
	if err := files.Create(path, content); err != nil {
		return fmt.Errorf("passkey enrollment: %w", err)
	}
	return nil
}

// ReplaceEnrollment writes an enrollment file in the place of the old one, for
// a new sign count.
func (d *Dir) ReplaceEnrollment(e Enrollment, content []byte) error {
	path, err := d.EnrollmentPath(e)
	if err != nil {
		return err
	}
	if err := files.Replace(path, content); err != nil {
		return fmt.Errorf("passkey enrollment: %w", err)
	}
	return nil
}

// Enrollments lists the enrollments of this machine, by operator and rp id.
func (d *Dir) Enrollments() ([]Enrollment, error) {
	dir, err := d.subdir(passkeyDir)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("passkey enrollments: %w", err)
	}
	var out []Enrollment
	for _, f := range entries {
		op, rp, ok := strings.Cut(strings.TrimSuffix(f.Name(), ".json"), separator)
		id, err := omni.ParseOperator(op)
		if !ok || err != nil || !strings.HasSuffix(f.Name(), ".json") || !rpIDGrammar.MatchString(rp) {
			continue
		}
		out = append(out, Enrollment{Operator: id, RPID: rp})
	}
	return out, nil
}

// SoftwarePasskeyPath is the file of the software passkeys of an identity, for
// development; its directory is there afterwards.
func (d *Dir) SoftwarePasskeyPath(identity string) (string, error) {
	if _, err := d.Identity(identity); err != nil {
		return "", err
	}
	dir, err := d.subdir(identityDir, identity, passkeyDir)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "software.json"), nil
}
