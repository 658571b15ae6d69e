package profile

import (
	"strings"

	"github.com/litentry/agentkeys/pkg/service"
)

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
	// MaintenanceRole moves stored credentials to another key epoch; absent where
	// nobody does so.
	MaintenanceRole string `json:"maintenance_role,omitzero"`
	// MemoryBucket and its roles are absent where agents have no memory.
	MemoryBucket          string `json:"memory_bucket,omitzero"`
	MemoryRole            string `json:"memory_role,omitzero"`
	MemoryMaintenanceRole string `json:"memory_maintenance_role,omitzero"`
	// IAMEndpoint is where roles and the OIDC provider are made; the partition's
	// own when absent.
	IAMEndpoint string `json:"iam_endpoint,omitzero"`
	// WorkerSources are where workers call storage from; objects are then refused
	// to everybody else. Absent: wherever a session is presented from.
	WorkerSources WorkerSources `json:"worker_sources,omitzero"`
}

// WorkerSources are VPC endpoints and ranges of public addresses.
type WorkerSources struct {
	VPCEndpoints []string `json:"vpc_endpoints,omitzero"`
	CIDRs        []string `json:"cidrs,omitzero"`
}

// Storage is what one data class has in the account: a bucket and roles of its
// own. Roles that are absent are empty.
type Storage struct {
	Bucket string
	// Role is taken by agents for their own objects, ProvisionRole by masters for
	// their agents' objects, MaintenanceRole by the account's own people.
	Role, ProvisionRole, MaintenanceRole string
}

// Storage returns what the class c has; false where the profile names no bucket
// for it.
func (c Cloud) Storage(class service.Class) (Storage, bool) {
	var s Storage
	switch class {
	case service.Credentials:
		s = Storage{c.VaultBucket, c.VaultRole, c.ProvisionRole, c.MaintenanceRole}
	case service.Memory:
		s = Storage{c.MemoryBucket, c.MemoryRole, "", c.MemoryMaintenanceRole}
	}
	return s, s.Bucket != ""
}

// SessionRoleARN is the role that a web identity of this class and access takes:
// read, write or provision. It is empty where the profile names none.
func (c Cloud) SessionRoleARN(class service.Class, access string) string {
	s, ok := c.Storage(class)
	role := s.Role
	if access == "provision" {
		role = s.ProvisionRole
	}
	if !ok || role == "" {
		return ""
	}
	return c.RoleARN(role)
}

// MaintenanceRoleARN is the role under which stored objects of a class are moved to
// another key epoch; empty when the profile names none.
func (c Cloud) MaintenanceRoleARN(class service.Class) string {
	s, _ := c.Storage(class)
	if s.MaintenanceRole == "" {
		return ""
	}
	return c.RoleARN(s.MaintenanceRole)
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
