// Package archive copies what is anchored into object storage: each confirmed
// batch of the journal as one file, which whoever may read the archive checks
// without the journal (package auditproof).
//
// The laws that hold here:
//
//   - Batches of one operator go there in the order of their indices, each once.
//     What cannot go there now waits in the journal; nothing is lost and nothing
//     is skipped.
//   - A batch is in the archive when storage's answer had the SHA-256 of the
//     whole file. The identity that writes cannot read, so a name that is taken
//     is believed in one case only: the journal says that a file with this very
//     checksum was sent before, and its answer never came. Such a batch is
//     remembered as found, not as stored. Anything else is named and waits for a
//     person.
//   - What is about to be sent is remembered first. A process that is killed at
//     any instant goes on where it was.
//   - One operator's trouble does not hold up the others, nor does one file that
//     storage never takes.
//   - Memory is bounded by the leaf hashes of one batch: the file is written to
//     disk, under no name, and sent from there.
//   - The keys are read for every put, from a file that nobody else may read.
//
// A process that is killed between an answer and its record cannot tell
// afterwards what the answer was: if it was "taken already" by somebody else's
// object, the batch counts as found. Whoever can write into the bucket with the
// same identity could do that; auditors find it, since such a file has no root
// that is on chain.
//
// It reads nothing from storage, and neither removes nor repairs what is there. Of
// several processes on one journal one at a time should run it.
package archive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Journal is what is archived, and where it is remembered: a *journal.Journal.
type Journal interface {
	Events(ctx context.Context, q journal.Query) ([]journal.Stored, error)
	Unarchived(ctx context.Context, after omni.Operator, limit int) ([]journal.Batch, error)
	Archive(ctx context.Context, o omni.Operator, index uint64) (journal.Archive, error)
	MoveArchive(ctx context.Context, o omni.Operator, index uint64, from, to journal.Archive) error
}

// Config says where the archive is, and who writes it.
type Config struct {
	// Endpoint is the origin of storage; empty means the region's own.
	Endpoint string
	Region   string
	// Bucket is the archive's own; see policy.RenderArchive.
	Bucket string
	// Credentials is the file with the writer's keys, in the form of
	// credential_process, mode 0600. It may be replaced at any time.
	Credentials string
	// Dir is a directory of ours with room for the file of one batch while it is
	// sent: up to 2 GiB for one of 1,048,576 events.
	Dir string
	// HTTPClient is optional; see [sts.HTTPClient] for what is made of it.
	HTTPClient *http.Client
}

// Archiver takes batches from a journal to the archive. Its methods may be called
// at the same time; passes run one after the other.
type Archiver struct {
	journal Journal
	storage *blob.Archive
	dir     string

	pass   sync.Mutex
	resume omni.Operator           // behind whom the next round begins
	held   map[omni.Operator]*held // who waits for a person
	mu     sync.Mutex              // guards status
	status Status
}

// New checks the configuration, reads the keys once to see that they are there
// (files.ErrUnsafe: somebody else could read them), and sends nothing.
func New(c Config, j Journal) (*Archiver, error) {
	switch st, err := os.Stat(c.Dir); {
	case c.Credentials == "":
		return nil, errors.New("audit archive: a bucket needs the credentials of its writer")
	case err != nil:
		return nil, fmt.Errorf("audit archive: directory for files that are sent: %w", err)
	case !st.IsDir():
		return nil, fmt.Errorf("audit archive: %s is not a directory", c.Dir)
	}
	keys := fileKeys(c.Credentials)
	if _, err := keys(); err != nil {
		return nil, fmt.Errorf("audit archive: %w", err)
	}
	s, err := blob.NewArchive(blob.ArchiveConfig{
		Config: blob.Config{Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, HTTPClient: c.HTTPClient},
		Keys:   keys,
	})
	if err != nil {
		return nil, fmt.Errorf("audit archive: %w", err)
	}
	return &Archiver{journal: j, storage: s, dir: c.Dir, held: map[omni.Operator]*held{}}, nil
}

// fileKeys reads the keys anew each time: a role's session ends within the hour.
func fileKeys(path string) func() (sts.StaticKeys, error) {
	return func() (sts.StaticKeys, error) {
		content, err := files.Read(path)
		if err != nil {
			return sts.StaticKeys{}, err
		}
		defer content.Destroy()
		keys, err := sts.ParseProcessCredentials(content.Reveal())
		if err != nil {
			return sts.StaticKeys{}, fmt.Errorf("%s: %w", path, err)
		}
		return keys, nil
	}
}

// maxRest is the greatest number of wakes that are let pass after failures.
const maxRest = 15

// Run makes a pass at once and at each wake, until ctx ends. report gets what
// came of each one. While storage fails altogether more and more wakes are let
// pass, up to 15: a pass that fails has written a file for nothing.
func (a *Archiver) Run(ctx context.Context, wake <-chan struct{}, report func(Status)) {
	rest, failures := 0, 0
	for {
		if rest > 0 {
			rest--
		} else {
			if err := a.Pass(ctx); err == nil {
				failures = 0
			} else {
				failures++
				rest = min(1<<min(failures-1, 8)-1, maxRest)
			}
			if ctx.Err() == nil {
				report(a.Status())
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
	}
}
