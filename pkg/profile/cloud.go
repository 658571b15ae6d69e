package profile

import "strings"

// Cloud names what the storage and session service of one account hold. In
// production the endpoints may be absent: the region's own are used then.
type Cloud struct {
	Region      string `json:"region"`
	S3Endpoint  string `json:"s3_endpoint,omitzero"`
	STSEndpoint string `json:"sts_endpoint,omitzero"`
	// KMSEndpoint is where a keyring that the cloud seals is opened.
	KMSEndpoint string `json:"kms_endpoint,omitzero"`
	AccountID   string `json:"account_id"`
	VaultBucket string `json:"vault_bucket"`
	// VaultRole and ProvisionRole are role names; the ARN follows from the
	// account, so that the two cannot contradict each other.
	VaultRole     string `json:"vault_role"`
	ProvisionRole string `json:"provision_role"`
	// MaintenanceRole moves stored objects to another key epoch; absent where
	// nobody does so.
	MaintenanceRole string `json:"maintenance_role,omitzero"`
}

// VaultRoleARN is the role of an agent's session on its own credentials.
func (c Cloud) VaultRoleARN() string { return c.RoleARN(c.VaultRole) }

// ProvisionRoleARN is the role under which a master stores for its agent.
func (c Cloud) ProvisionRoleARN() string { return c.RoleARN(c.ProvisionRole) }

// MaintenanceRoleARN is the role under which stored objects are moved to
// another key epoch; empty when the profile names none.
func (c Cloud) MaintenanceRoleARN() string {
	if c.MaintenanceRole == "" {
		return ""
	}
	return c.RoleARN(c.MaintenanceRole)
}

// RoleARN is the resource name of a role of this account.
func (c Cloud) RoleARN(role string) string {
	return "arn:" + c.partition() + ":iam::" + c.AccountID + ":role/" + role
}

func (c Cloud) partition() string {
	switch {
	case strings.HasPrefix(c.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(c.Region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}
