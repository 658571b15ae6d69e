package api

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/service"
)

// Paths of the memory worker. All but that of the list are followed by
// /<memory key>.
const (
	PathMemoryPut      = "/v1/memory/put"
	PathMemoryGet      = "/v1/memory/get"
	PathMemoryList     = "/v1/memory/list"
	PathMemoryTeardown = "/v1/memory/teardown"
)

// MaxVersion is the greatest version of a memory: what every reader of JSON
// understands (RFC 7493 section 2.2).
const MaxVersion = 1<<53 - 1

// ETag is how a version stands in the headers ETag, If-Match and If-None-Match: as a
// strong entity tag (RFC 9110 section 8.8.3), such as "1795736712345".
func ETag(version uint64) string { return `"` + strconv.FormatUint(version, 10) + `"` }

// ParseETag reads what ETag writes, and nothing else: one tag that is not weak, of a
// version from 1 to MaxVersion.
func ParseETag(s string) (uint64, error) {
	inner, open := strings.CutPrefix(s, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	v, err := strconv.ParseUint(inner, 10, 64)
	if !open || !closed || err != nil || v < 1 || v > MaxVersion || ETag(v) != s {
		return 0, errors.New(`a version is written as one strong entity tag, such as "1795736712345"`)
	}
	return v, nil
}

// MemoryStored answers a put.
type MemoryStored struct {
	Namespace string            `json:"namespace"`
	Key       service.MemoryKey `json:"key"`
	Version   uint64            `json:"version"`
	Bytes     int               `json:"bytes"`
	Epoch     uint32            `json:"k3_epoch"`
}

// MaxMemoryPage is how many entries a page of a list has at most.
const MaxMemoryPage = 1000

// MemoryListRequest asks for a page of the capability's namespace. It stands in the
// body, which the proof covers, and not in the query, which it does not.
type MemoryListRequest struct {
	// After is the cursor of the page before (MemoryPage.Next); absent: from the
	// beginning.
	After string `json:"after,omitzero" oas:"form=key"`
	Limit int    `json:"limit,omitzero" oas:"min=0,max=1000"` // 1 to MaxMemoryPage; absent: as many
}

// Validate implements httpd's check of the input. A cursor is the last key of a page,
// so there is none that leads out of a namespace.
func (r MemoryListRequest) Validate() error {
	if r.Limit < 0 || r.Limit > MaxMemoryPage {
		return fmt.Errorf("limit must be 1 to %d", MaxMemoryPage)
	}
	if r.After == "" {
		return nil
	}
	if _, err := service.ParseMemoryKey(r.After); err != nil {
		return errors.New("after is no cursor that a list gave")
	}
	return nil
}

// CompareMemoryKeys orders keys as a list has them: by the names of their objects,
// which end in ".enc", so that a-b comes before a.
func CompareMemoryKeys(a, b string) int { return strings.Compare(a+".enc", b+".enc") }

// MemoryPage answers a list, in the order of CompareMemoryKeys.
type MemoryPage struct {
	Namespace string        `json:"namespace"`
	Entries   []MemoryEntry `json:"entries"`
	// Next is the cursor of the next page; absent after the last one.
	Next string `json:"next,omitzero"`
}

// MemoryEntry is one stored memory; its content is never part of a list, and its
// version stands in the object alone.
type MemoryEntry struct {
	Key      service.MemoryKey `json:"key"`
	Size     int64             `json:"object_bytes"`
	Modified time.Time         `json:"modified"`
}

// MemoryTornDown answers a teardown.
type MemoryTornDown struct {
	Namespace string            `json:"namespace"`
	Key       service.MemoryKey `json:"key"`
}
