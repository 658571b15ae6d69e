package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/auditproof"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/cli/ui"
)

func (a *audited) verifyByChain(ctx context.Context) (string, error) {
	if err := a.role.kill(); err != nil {
		return "", err
	}
	_, err := a.command(ctx, nil, "audit", "verify", "--proof", a.proof, "--receipt", a.chosen)
	return "genuine, with nobody but the chain's RPC endpoints asked", err
}

func (a *audited) verifyOffline(ctx context.Context) (string, error) {
	f, err := a.file()
	if err != nil {
		return "", err
	}
	// A person would take the hash from any explorer.
	block, err := a.chain.BlockAt(ctx, f.Anchor.Block)
	if err != nil {
		return "", err
	}
	_, err = a.command(ctx, nil, "audit", "verify", "--proof", a.proof, "--offline", "--block-hash", block.Hash.Hex())
	return fmt.Sprintf("genuine, with nobody asked: the receipt is in block %d, %s…", block.Number, block.Hash.Hex()[:10]), err
}

func (a *audited) file() (auditproof.File, error) {
	text, err := os.ReadFile(a.proof)
	if err != nil {
		return auditproof.File{}, err
	}
	return auditproof.Parse(text)
}

// tampered changes the service in a copy of the proof. The copy is refused by the
// chain, and offline; the original beside it is not.
func (a *audited) tampered(ctx context.Context) (string, error) {
	f, err := a.file()
	if err != nil {
		return "", err
	}
	before := f.Leaf
	if f.Leaf = strings.Replace(before, `"service":"`+serviceName+`"`, `"service":"githud"`, 1); f.Leaf == before {
		return "", errors.New("the event names no service")
	}
	text, err := f.Encode()
	if err != nil {
		return "", err
	}
	copied := filepath.Join(a.Dir, "tampered.json")
	if err := os.WriteFile(copied, text, 0o600); err != nil {
		return "", err
	}
	why := ""
	for _, how := range [][]string{nil, {"--offline", "--block-hash", f.Anchor.BlockHash.String()}} {
		_, errOut, code := a.Command(ctx, a.home.Root(), nil, append([]string{"audit", "verify", "--proof", copied}, how...)...)
		if code != ui.ExitDenied {
			return "", fmt.Errorf("exit code %d, %d was expected: %s", code, ui.ExitDenied, errOut)
		}
		line, _, _ := bytes.Cut(errOut, []byte("\n"))
		why = strings.TrimPrefix(string(line), "error: ")
	}
	return why, nil
}

func (a *audited) verifyAll(ctx context.Context) (string, error) {
	if err := a.role.start(ctx); err != nil {
		return "", err
	}
	_, err := a.command(ctx, nil, "audit", "verify", "--all", "--as", operatorName)
	return "no event is missing, altered, or out of its place", err
}

func (a *audited) otherReads(ctx context.Context) (string, error) {
	s, err := audit.ReadReceipt(a.chosen)
	if err != nil {
		return "", err
	}
	_, err = a.stranger.AuditProof(ctx, s.Event)
	detail, err := refused(err, http.StatusNotFound, apierr.NotFound)
	if err != nil {
		return "", err
	}
	_, err = a.stranger.AuditFlush(ctx, a.operatorOmni)
	flushed, err := refused(err, http.StatusForbidden, apierr.OperatorMismatch)
	if err != nil {
		return "", err
	}
	if _, err := a.operator.AuditProof(ctx, s.Event); err != nil {
		return "", fmt.Errorf("its own operator: %w", err)
	}
	return detail + "; a flush: " + flushed, nil
}

// relay has the operator name the account of the role, and the role anchor.
func (a *audited) relay(ctx context.Context) (string, error) {
	st, err := a.operator.AuditStatus(ctx)
	if err != nil {
		return "", err
	}
	if st.Relayer == "" {
		return "", errors.New("the role has no account to anchor with")
	}
	if _, err := a.command(ctx, nil, "audit", "relayer", st.Relayer, "--as", operatorName); err != nil {
		return "", err
	}
	for i := range 2 {
		if _, err := a.command(ctx, nil, "audit", "append", fmt.Sprintf("note %d of the demo", i+1), "--op", "deploy", "--as", operatorName); err != nil {
			return "", err
		}
	}
	if _, err := a.flush(ctx); err != nil {
		return "", err
	}
	err = until(ctx, "the batch is confirmed", func() (bool, error) {
		page, err := a.operator.AuditBatches(ctx, a.anchored, api.MaxAuditPage)
		return err == nil && len(page.Batches) == 1 && page.Batches[0].State == "confirmed", err
	})
	if err != nil {
		return "", err
	}
	return a.matches(ctx, a.anchored+1)
}

// archive copies what lies in the archive's bucket, as an auditor of the account
// would, and checks the journal from it alone.
func (a *audited) archive(ctx context.Context) (string, error) {
	a.copied = filepath.Join(a.Dir, "archive")
	size := 0
	for i := range a.anchored {
		k := blob.ArchiveKey(a.operatorOmni, i).String()
		var raw []byte
		err := until(ctx, "batch "+k+" is archived", func() (bool, error) {
			var err error
			raw, err = a.stack.Cloud.RawObject(devstack.ArchiveBucket, k)
			return err == nil, nil // an error is: not yet
		})
		if err != nil {
			return "", err
		}
		file := filepath.Join(a.copied, strings.TrimPrefix(k, "audit/"))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			return "", err
		}
		size += len(raw)
	}
	_, err := a.command(ctx, nil, "audit", "verify", "--all", "--as", operatorName, "--archive", a.copied)
	return fmt.Sprintf("%d batches, %d bytes, genuine", a.anchored, size), err
}

func (a *audited) editedArchive(ctx context.Context) (string, error) {
	file := filepath.Join(a.copied, strings.TrimPrefix(blob.ArchiveKey(a.operatorOmni, 0).String(), "audit/"))
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	edited := bytes.Replace(text, []byte(serviceName), []byte("githud"), 1)
	if bytes.Equal(edited, text) {
		return "", errors.New("there is nothing to edit")
	}
	if err := os.WriteFile(file, edited, 0o600); err != nil {
		return "", err
	}
	_, errOut, code := a.Command(ctx, a.home.Root(), nil, "audit", "verify", "--all", "--as", operatorName, "--archive", a.copied)
	if code != ui.ExitDenied {
		return "", fmt.Errorf("exit code %d, %d was expected: %s", code, ui.ExitDenied, errOut)
	}
	line, _, _ := bytes.Cut(errOut, []byte("\n"))
	return strings.TrimPrefix(string(line), "error: "), nil
}

func (a *audited) summary(ctx context.Context) (string, error) {
	if _, err := a.command(ctx, nil, "audit", "verify", "--all", "--as", operatorName); err != nil {
		return "", err
	}
	st, err := a.operator.AuditStatus(ctx)
	if err != nil {
		return "", err
	}
	if st.Unanchored != 0 {
		return "", fmt.Errorf("%d batches are not confirmed", st.Unanchored)
	}
	return fmt.Sprintf("%d events, %d of them in %d batches, all on chain; two kills, no event lost, none twice", st.Position, st.Covered, st.Batches), nil
}
