package cli_test

import (
	"path/filepath"
	"testing"
)

// BenchmarkFetchProcess is a whole `agentkeys cred fetch` with a cached
// session: exec, key, capability, worker, storage, end. The bound is 250 ms.
func BenchmarkFetchProcess(b *testing.B) {
	home := filepath.Join(b.TempDir(), "home")
	startDev(b, home)
	call(b, home, "my-token", 0, "cred", "store", "--agent", "build-bot", "--service", "github")
	call(b, home, "", 0, "cred", "fetch", "--as", "build-bot", "--service", "github")
	for b.Loop() {
		call(b, home, "", 0, "cred", "fetch", "--as", "build-bot", "--service", "github")
	}
}
