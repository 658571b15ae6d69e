package devstack

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/provision"
	"github.com/litentry/agentkeys/pkg/role"
	"github.com/litentry/agentkeys/pkg/sts"
)

// AccountID is the account that a stack's cloud is: the one of a gateway in
// [Config.Storage], too.
const AccountID = accountID

// administratorUser makes roles and buckets.
const administratorUser = "administrator"

// AdministratorFile holds the keys of the user that provisions the account, in
// the form of credential_process.
const AdministratorFile = "administrator.json"

func openAdministrator(dir string) (devcloud.User, error) {
	u, err := cloudUser(administratorUser, filepath.Join(dir, AdministratorFile))
	if err != nil {
		return u, fmt.Errorf("a user of the cloud: %w", err)
	}
	return u, nil
}

// provisioned makes what the account lacks, and what another version of the
// policies left behind.
func provisioned(ctx context.Context, pr *profile.Profile, administrator devcloud.User, archive policy.Archive) error {
	params, err := pr.Policies()
	if err != nil {
		return err
	}
	set, err := policy.Render(params)
	if err != nil {
		return err
	}
	client, err := provision.New(provision.Config{
		Region: pr.Cloud.Region, AccountID: pr.Cloud.AccountID,
		IAMEndpoint: pr.Cloud.IAMEndpoint, S3Endpoint: pr.Cloud.S3Endpoint, STSEndpoint: pr.Cloud.STSEndpoint,
		Keys: sts.StaticKeys{AccessKeyID: administrator.AccessKeyID, SecretAccessKey: administrator.SecretAccessKey},
	})
	if err != nil {
		return err
	}
	deployment, err := (role.Env{Profile: pr}).Deployment()
	if err != nil {
		return err
	}
	plan, err := client.Plan(ctx, provision.Want{Issuer: pr.OIDCIssuer, Set: set, Archive: &archive, Deployment: deployment})
	if err != nil {
		return fmt.Errorf("provisioning the cloud: %w", err)
	}
	if err := plan.Apply(ctx, nil); err != nil {
		return fmt.Errorf("provisioning the cloud: %w", err)
	}
	return nil
}
