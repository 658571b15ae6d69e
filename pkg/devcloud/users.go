package devcloud

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
	"github.com/litentry/agentkeys/pkg/secret"
)

// User is a long-lived user of the account, with the access key that it signs
// with. Its ARN is arn:<partition>:iam::<account>:user/<name>.
type User struct {
	AccessKeyID     string        // AKIA and 12 to 124 capitals and digits
	SecretAccessKey secret.Secret // 16 to 128 bytes
	Name            string        // as IAM bounds it: 1 to 64 letters, digits and +=,.@_-
	// Policy is what the user may do in S3 with the access key itself; with
	// one it may do that and nothing else. Optional.
	Policy []byte
}

// user is a loaded user.
type user struct {
	User
	policies []iam.Policy
	// administers says that it makes roles and buckets, and does nothing else.
	administers bool
}

// stores reports whether the user is one for S3, and only for it.
func (u user) stores() bool { return u.Policy != nil }

// assumes reports whether the user takes roles and uses the KMS key.
func (u user) assumes() bool { return !u.stores() && !u.administers }

var (
	userKeyID = regexp.MustCompile(`^AKIA[A-Z0-9]{12,124}$`)
	userName  = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{1,64}$`)
)

func (c *Cloud) loadUsers(users []User, administrator *User) error {
	names := map[string]bool{}
	if administrator != nil {
		if administrator.Policy != nil {
			return errors.New("the administrator has a policy of its own")
		}
		users = append(slices.Clone(users), *administrator)
	}
	for i, u := range users {
		_, twice := c.users[u.AccessKeyID]
		switch n := u.SecretAccessKey.Len(); {
		case !userName.MatchString(u.Name):
			return fmt.Errorf("user %q: that is no name of a user", u.Name)
		case !userKeyID.MatchString(u.AccessKeyID):
			return fmt.Errorf("user %s: the access key id is not AKIA and 12 to 124 capitals and digits", u.Name)
		case n < 16 || n > 128:
			return fmt.Errorf("user %s: the secret access key has %d bytes, not 16 to 128", u.Name, n)
		case twice, names[u.Name]:
			return errors.New("two users with one name or one access key id")
		}
		loaded := user{User: u, administers: administrator != nil && i == len(users)-1}
		if u.Policy != nil {
			p, err := iam.Load(u.Policy, iam.Identity)
			if err != nil {
				return fmt.Errorf("policy of user %s: %w", u.Name, err)
			}
			loaded.policies = []iam.Policy{p}
		}
		c.users[u.AccessKeyID], names[u.Name] = loaded, true
	}
	return nil
}

// arn is the user's resource name in the partition and account of a role.
func (u User) arn(partition, account string) string {
	return "arn:" + partition + ":iam::" + account + ":user/" + u.Name
}

// userSecret finds the secrets of users; whoever is none of them gets unknown.
// A session token beside a user's key is as unknown: sessions take no roles.
func (c *Cloud) userSecret(unknown *fault) func(id, token string) (string, error) {
	return func(id, token string) (string, error) {
		u, ok := c.users[id]
		if !ok || token != "" {
			return "", unknown
		}
		return string(u.SecretAccessKey.Reveal()), nil
	}
}
