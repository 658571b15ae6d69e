package blob

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

// Object is one stored object as a listing names it.
type Object struct {
	Named
	ETag string // its version at the time of the listing; see [Session.GetVersion]
	Size int64  // in bytes, sealed
}

// Scope says which objects are walked over.
type Scope struct {
	Class service.Class // credentials or memory; email has no names yet
	Actor omni.Actor    // whose objects; absent: everybody's
	After Key           // only what comes after it in key order; zero: from the beginning
}

// Walk calls visit for every object of the scope, in the order of the keys, and
// returns how many names it left out because this system does not write such.
// An error of visit ends the walk and is returned as it is. An object that is
// written or deleted during the walk may be met or not.
//
// A page is asked for by the last name of the page before, so a walk may take
// any time and may be resumed by After in another session.
func (s *Session) Walk(ctx context.Context, scope Scope, visit func(Object) error) (skipped int, err error) {
	if scope.Class != service.Credentials && scope.Class != service.Memory {
		return 0, fmt.Errorf("object storage: objects of class %q have no names yet", scope.Class)
	}
	prefix, last := root, scope.After.text
	if !scope.Actor.IsZero() {
		prefix = folder(scope.Actor, scope.Class)
	}
	for {
		page, more, err := s.page(ctx, prefix, last, pageSize)
		if err != nil {
			return skipped, err
		}
		for _, o := range page {
			if o.name <= last || !strings.HasPrefix(o.name, prefix) {
				return skipped, errOrder()
			}
			last = o.name
			name, ok := KeyOf(o.name)
			if !ok || name.Service.Class() != scope.Class {
				skipped++
				continue
			}
			if err := visit(Object{name, o.etag, o.size}); err != nil {
				return skipped, err
			}
		}
		if !more {
			return skipped, nil
		}
	}
}

// named is an object before its name was judged.
type named struct {
	name, etag string
	size       int64
	modified   time.Time
}

// page is one page, of at most limit, of the names under prefix that come after
// last.
func (s *Session) page(ctx context.Context, prefix, last string, limit int) (out []named, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	in := &s3.ListObjectsV2Input{Bucket: aws.String(s.bucket), Prefix: aws.String(prefix), MaxKeys: aws.Int32(int32(limit))}
	if last != "" {
		in.StartAfter = aws.String(last)
	}
	answer, err := s.api.ListObjectsV2(ctx, in)
	if err != nil {
		return nil, false, mapped(err, "listing")
	}
	for _, o := range answer.Contents {
		out = append(out, named{aws.ToString(o.Key), aws.ToString(o.ETag), aws.ToInt64(o.Size), aws.ToTime(o.LastModified)})
	}
	more = aws.ToBool(answer.IsTruncated)
	if more && len(out) == 0 {
		return nil, false, apierr.New(apierr.StorageUnavailable, "storage cut the listing short and does not say how to go on")
	}
	return out, more, nil
}
