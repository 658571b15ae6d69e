package isolation_test

import (
	"os"
	"testing"

	"github.com/litentry/agentkeys/pkg/httpd/httpdtest"
)

// refused is what the stacks of this suite refuse.
var refused httpdtest.Refusals

func TestMain(m *testing.M) { os.Exit(refused.Run(m, nil, nil)) }
