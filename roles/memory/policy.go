package memory

import (
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/httpd"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/worker"
)

// named is a call about one memory that passed every check, listed one about a
// namespace.
type (
	named  = worker.Granted[wish]
	listed = worker.Granted[api.MemoryListRequest]
)

// wish is what a call about one memory asks for, besides its name.
type wish struct {
	key   service.MemoryKey
	value []byte // of a put
	condition
}

// keyed is the policy of a route about one memory, whose key is the last segment of
// the path.
func (w *Worker) keyed(a service.Action, path string, read func(*httpd.Call) (wish, error)) httpd.Policy[named] {
	return worker.Policy(w.Worker, worker.Route[wish]{
		Action: a,
		Objects: func(c *httpd.Call) ([]string, error) {
			k, err := keyOf(c, path)
			return []string{k.String()}, err
		},
		Read: func(c *httpd.Call) (wish, error) {
			in, err := read(c)
			if err != nil {
				return in, err
			}
			in.key, err = keyOf(c, path)
			return in, err
		},
		Object: func(g captoken.Grant, objects []string) blob.Key {
			k, err := service.ParseMemoryKey(objects[0])
			if err != nil {
				return blob.Key{}
			}
			return blob.MemoryKey(g.Actor(), g.ServiceName(), k)
		},
	})
}

// keyOf reads the memory key out of the path. It stands there as it is: what needs
// an escape is none, and one that is escaped needlessly would be another URL to the
// signer.
func keyOf(c *httpd.Call, path string) (service.MemoryKey, error) {
	text, below := strings.CutPrefix(c.Path, path+"/")
	k, err := service.ParseMemoryKey(text)
	if err != nil {
		return k, apierr.Wrap(apierr.InvalidInput, err, "the path names no memory: %s", err)
	}
	if !below || !strings.HasSuffix(c.URL, path+"/"+text) {
		return service.MemoryKey{}, apierr.New(apierr.InvalidInput, "the memory key stands in the path without escapes")
	}
	return k, nil
}

// listing is the policy of the list.
func (w *Worker) listing() httpd.Policy[listed] {
	return httpd.Reads[api.MemoryListRequest](worker.Policy(w.Worker, worker.Route[api.MemoryListRequest]{
		Action: service.MemoryList,
		Read: func(c *httpd.Call) (api.MemoryListRequest, error) {
			if k, err := readCondition(c); err != nil || k != (condition{}) {
				return api.MemoryListRequest{}, apierr.New(apierr.InvalidInput, "a list takes no condition")
			}
			return httpd.JSON[api.MemoryListRequest](c)
		},
		Object: func(captoken.Grant, []string) blob.Key { return blob.Key{} },
	}))
}

// readPut refuses a body that is no value.
func readPut(c *httpd.Call) (wish, error) {
	media, _ := c.One("Content-Type")
	switch n := len(c.Body); {
	case n == 0:
		return wish{}, apierr.New(apierr.InvalidInput, "an empty value is not stored; to remove one: agentkeys memory teardown")
	case n > MaxValue:
		return wish{}, apierr.New(apierr.BodyTooLarge, "a memory has at most %d bytes, this one has %d", MaxValue, n)
	case media != "application/octet-stream":
		return wish{}, apierr.New(apierr.InvalidInput, "the value must be sent once as Content-Type: application/octet-stream")
	}
	k, err := readCondition(c)
	return wish{value: c.Body, condition: k}, err
}

// readKnown reads what may be asked of a memory that is there.
func readKnown(c *httpd.Call) (wish, error) {
	if len(c.Body) > 0 {
		return wish{}, apierr.New(apierr.InvalidInput, "this route takes no body")
	}
	k, err := readCondition(c)
	if err == nil && k.absent {
		err = apierr.New(apierr.InvalidInput, "If-None-Match is for a put")
	}
	return wish{condition: k}, err
}
