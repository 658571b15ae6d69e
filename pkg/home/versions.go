package home

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	// maxVersions bounds how many memories one identity remembers the version of:
	// those that were used last. One with the longest names takes less than 512
	// bytes, so that the file stays within files.MaxSize: a larger one could not be
	// read again.
	maxVersions = 2048
	// useAgain is after how long a use is written down that changes nothing else.
	useAgain = time.Hour
)

// Versions is what one identity saw of its memories. It is a client.Versions: once it
// was read it never fails, it may only know less. It is safe for concurrent use, also by several
// processes.
type Versions struct {
	dir    *Dir
	name   string
	device omni.DeviceKey
	store  string // account and bucket
	limit  int    // maxVersions
}

var _ client.Versions = (*Versions)(nil)

// Versions opens what an identity remembers of its memories in the storage of a
// profile. What cannot be read is an error: an older value that somebody put back would
// not be noticed. The file of another device of that name holds nothing.
func (d *Dir) Versions(id Identity, p *profile.Profile) (*Versions, error) {
	if err := CheckName(id.Name); err != nil {
		return nil, err
	}
	s, _ := p.Cloud.Storage(service.Memory)
	v := &Versions{dir: d, name: id.Name, device: id.Device, store: fmt.Sprintf("%s/%s", p.Cloud.AccountID, s.Bucket), limit: maxVersions}
	if _, err := v.load(); err != nil {
		return nil, fmt.Errorf("what %s saw of its memory cannot be read, so that an older value would not be noticed: %w; to begin anew: mv %s %s", id.Name, err, v.path(), v.path()+".damaged")
	}
	return v, nil
}

// versionsFile is the content of versions/<name>.json.
type versionsFile struct {
	Version int            `json:"version"`
	Device  omni.DeviceKey `json:"device_key_hash"`
	Seen    []seen         `json:"seen"`
}

type seen struct {
	Store   string            `json:"store"`
	Space   service.Name      `json:"service"`
	Key     service.MemoryKey `json:"key"`
	Version uint64            `json:"seen_version"`
	Removed bool              `json:"removed,omitzero"`
	At      time.Time         `json:"at"`
}

func (v *Versions) is(space service.Name, k service.MemoryKey) func(seen) bool {
	return func(s seen) bool { return s.Store == v.store && s.Space == space && s.Key == k }
}

func (s seen) known() client.Known { return client.Known{Version: s.Version, Removed: s.Removed} }

// Seen implements client.Versions.
func (v *Versions) Seen(space service.Name, k service.MemoryKey) client.Known {
	all, _ := v.load()
	if i := slices.IndexFunc(all, v.is(space, k)); i >= 0 {
		return all[i].known()
	}
	return client.Known{}
}

// All implements client.Versions.
func (v *Versions) All(space service.Name) map[service.MemoryKey]client.Known {
	out := map[service.MemoryKey]client.Known{}
	all, _ := v.load()
	for _, s := range all {
		if s.Store == v.store && s.Space == space {
			out[s.Key] = s.known()
		}
	}
	return out
}

// Saw implements client.Versions.
func (v *Versions) Saw(space service.Name, k service.MemoryKey, version uint64) {
	v.remember(space, k, func(known client.Known) client.Known {
		if version < known.Version {
			return known
		}
		return client.Known{Version: version}
	})
}

// Accept implements client.Versions.
func (v *Versions) Accept(space service.Name, k service.MemoryKey, version uint64) {
	v.remember(space, k, func(client.Known) client.Known { return client.Known{Version: version} })
}

// Removed implements client.Versions.
func (v *Versions) Removed(space service.Name, k service.MemoryKey, next uint64) {
	v.remember(space, k, func(known client.Known) client.Known {
		return client.Known{Version: max(known.Version, next), Removed: true}
	})
}

// remember writes what becomes of what is known: that is read under the lock under
// which it is written.
func (v *Versions) remember(space service.Name, k service.MemoryKey, next func(client.Known) client.Known) {
	_ = v.dir.locked(func() error {
		all, err := v.load()
		if err != nil {
			return err
		}
		now := v.dir.now().UTC()
		var known seen
		if i := slices.IndexFunc(all, v.is(space, k)); i >= 0 {
			known = all[i] // by itself: Delete overwrites it
			all = slices.Delete(all, i, i+1)
		}
		is := next(known.known())
		if is.Version == 0 || is == known.known() && now.Sub(known.At) < useAgain {
			return nil
		}
		all = append(all, seen{v.store, space, k, is.Version, is.Removed, now})
		if len(all) > v.limit {
			slices.SortStableFunc(all, func(a, b seen) int { return cmp.Compare(b.At.UnixNano(), a.At.UnixNano()) })
			all = all[:v.limit]
		}
		if _, err := v.dir.subdir(versionDir); err != nil {
			return err
		}
		b, err := strictjson.Encode(versionsFile{Version: fileVersion, Device: v.device, Seen: all})
		if err != nil {
			return err
		}
		return files.Replace(v.path(), b)
	})
}

func (v *Versions) path() string { return v.dir.path(versionDir, v.name+".json") }

// load reads what is remembered.
func (v *Versions) load() ([]seen, error) {
	data, err := files.Read(v.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer data.Destroy()
	var f versionsFile
	if err := strictjson.Decode(data.Reveal(), &f); err != nil {
		return nil, fmt.Errorf("%s: %w", v.path(), err)
	}
	if f.Version != fileVersion {
		return nil, fmt.Errorf("%s: version %d, this is %d", v.path(), f.Version, fileVersion)
	}
	if f.Device != v.device {
		return nil, nil
	}
	return f.Seen, nil
}
