package home

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// expiryMargin is how long before its end a cached session counts as over: a
// call that begins with it must still find it valid.
const expiryMargin = 30 * time.Second

// Sessions is the cache of one identity's sessions under one profile. It is a
// client.Cache: it never fails, it may only be empty. It is safe for concurrent
// use, also by several processes: files appear whole, and where two write, one
// of two good sessions stays.
type Sessions struct {
	dir     *Dir
	name    string
	device  omni.DeviceKey
	profile string // fingerprint
}

// Sessions opens the cache of an identity. Sessions that were obtained under
// another profile, or with another key, are not in it.
func (d *Dir) Sessions(id Identity, p *profile.Profile) (*Sessions, error) {
	if err := CheckName(id.Name); err != nil {
		return nil, err
	}
	fp, err := p.Fingerprint()
	if err != nil {
		return nil, fmt.Errorf("cached sessions: %w", err)
	}
	return &Sessions{dir: d, name: id.Name, device: id.Device, profile: fp}, nil
}

// cached is the file of one session. Slot repeats the file's name, so that a
// file that was moved to another name is foreign.
type cached struct {
	Version   int            `json:"version"`
	Slot      string         `json:"slot"`
	Profile   string         `json:"profile"`
	Device    omni.DeviceKey `json:"device_key_hash"`
	ExpiresAt time.Time      `json:"expires_at"`
	Login     *api.Session   `json:"login,omitzero"`
	Storage   *storageJSON   `json:"storage,omitzero"`
}

type storageJSON struct {
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
	SessionToken    string `json:"session_token"`
}

const loginSlot = "login"

// Session implements client.Cache.
func (s *Sessions) Session() (api.Session, bool) {
	c, ok := s.load(loginSlot)
	if !ok {
		return api.Session{}, false
	}
	if c.Login == nil || c.Login.Token == "" || !c.Login.ExpiresAt.Equal(c.ExpiresAt) || c.Login.Device != s.device {
		s.drop(loginSlot)
		return api.Session{}, false
	}
	return *c.Login, true
}

// SaveSession implements client.Cache.
func (s *Sessions) SaveSession(v api.Session) {
	s.save(loginSlot, cached{ExpiresAt: v.ExpiresAt, Login: &v})
}

// DropSession implements client.Cache.
func (s *Sessions) DropSession() { s.drop(loginSlot) }

// Storage implements client.Cache.
func (s *Sessions) Storage(k client.StorageKey) (sts.Credentials, bool) {
	slot, ok := storageSlot(k)
	if !ok {
		return sts.Credentials{}, false
	}
	c, ok := s.load(slot)
	if !ok {
		return sts.Credentials{}, false
	}
	if c.Storage == nil || c.Storage.AccessKeyID == "" || c.Storage.SecretAccessKey == "" || c.Storage.SessionToken == "" {
		s.drop(slot)
		return sts.Credentials{}, false
	}
	return sts.Credentials{
		AccessKeyID:     c.Storage.AccessKeyID,
		SecretAccessKey: secret.New([]byte(c.Storage.SecretAccessKey)),
		SessionToken:    secret.New([]byte(c.Storage.SessionToken)),
		Expires:         c.ExpiresAt,
	}, true
}

// SaveStorage implements client.Cache. A session whose end is not known is not
// kept.
func (s *Sessions) SaveStorage(k client.StorageKey, v sts.Credentials) {
	slot, ok := storageSlot(k)
	if !ok || v.Expires.IsZero() {
		return
	}
	s.save(slot, cached{ExpiresAt: v.Expires, Storage: &storageJSON{
		AccessKeyID: v.AccessKeyID, SecretAccessKey: string(v.SecretAccessKey.Reveal()), SessionToken: string(v.SessionToken.Reveal()),
	}})
}

// DropStorage implements client.Cache.
func (s *Sessions) DropStorage(k client.StorageKey) {
	if slot, ok := storageSlot(k); ok {
		s.drop(slot)
	}
}

// Clear removes every cached session of the identity, whatever its profile.
func (s *Sessions) Clear() error {
	if err := os.RemoveAll(s.path()); err != nil {
		return fmt.Errorf("removing cached sessions: %w", err)
	}
	return nil
}

// storageSlot names the file. A key without an actor speaks of the caller's
// own; whatever class or access is not one of the known words has no slot.
func storageSlot(k client.StorageKey) (string, bool) {
	if _, err := service.ParseClass(string(k.Class)); err != nil {
		return "", false
	}
	whose := "own"
	if !k.Actor.IsZero() {
		whose = k.Actor.Key()
	}
	switch k.Access {
	case "":
		return "storage-" + string(k.Class) + "-any-" + whose, true
	case "read", "write", "provision":
		return "storage-" + string(k.Class) + "-" + k.Access + "-" + whose, true
	}
	return "", false
}

func (s *Sessions) path(parts ...string) string {
	return s.dir.path(append([]string{sessionDir, s.name}, parts...)...)
}

// load returns what is cached in a slot if it is sound, ours and lasts. What is
// not is removed: it would be read, and refused, again at every call.
func (s *Sessions) load(slot string) (cached, bool) {
	data, err := files.Read(s.path(slot + ".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return cached{}, false
	}
	var c cached
	if err == nil {
		defer data.Destroy()
		err = strictjson.Decode(data.Reveal(), &c)
	}
	if err != nil || c.Version != fileVersion || c.Slot != slot || c.Profile != s.profile || c.Device != s.device ||
		!s.dir.now().Before(c.ExpiresAt.Add(-expiryMargin)) {
		s.drop(slot)
		return cached{}, false
	}
	return c, true
}

// save is best effort: a session that cannot be kept costs a sign-in.
func (s *Sessions) save(slot string, c cached) {
	if _, err := s.dir.subdir(sessionDir, s.name); err != nil {
		return
	}
	c.Version, c.Slot, c.Profile, c.Device = fileVersion, slot, s.profile, s.device
	data, err := strictjson.Encode(c)
	if err != nil {
		return
	}
	defer clear(data)
	_ = files.Replace(s.path(slot+".json"), data)
}

// drop removes whatever stands in the slot, even a directory; a link is removed
// itself. The path is below a directory that only we may enter.
func (s *Sessions) drop(slot string) { _ = os.RemoveAll(s.path(slot + ".json")) }
