package policy

import (
	"fmt"
)

// ArchiveParams name the archive of the audit log.
type ArchiveParams struct {
	Partition string // aws, aws-cn, aws-us-gov
	AccountID string // 12 digits
	// Bucket is the archive's own; no data class lies in it.
	Bucket string
	// User or Role is who writes: exactly one of them is named. How a role's
	// sessions reach the audit host is the account's business.
	User, Role string
	// TLS refuses whatever comes over plain HTTP.
	TLS bool
}

// Archive is everything that is rendered for the archive.
type Archive struct {
	// PrincipalARN is the writer's.
	PrincipalARN string
	// Policy is the writer's one inline policy: PutObject below audit/, of what
	// is not there yet.
	Policy []byte
	// Bucket holds for everybody: only the writer writes, nothing is replaced
	// or deleted, the writer reads nothing. Who else may read is said in the
	// policies of the account's auditors. Replication is refused, for it stores
	// and removes under rights of its own (s3:ReplicateObject, s3:ReplicateDelete),
	// which know no such condition. Multipart uploads are refused, for
	// they begin without the condition (S3 user guide, "Enforce conditional
	// writes on Amazon S3 buckets").
	Bucket Bucket
	// Versioning, PublicAccess and Encryption are the bucket's settings as
	// PutBucketVersioning, PutPublicAccessBlock and PutBucketEncryption take
	// them (AWS CLI, s3api).
	Versioning, PublicAccess, Encryption []byte
}

// RenderArchive makes the policies and settings of the archive. Refusals are
// ErrInvalid.
func RenderArchive(p ArchiveParams) (Archive, error) {
	kind, name := "user", p.User
	if p.User == "" {
		kind, name = "role", p.Role
	}
	switch {
	case !partition.MatchString(p.Partition):
		return Archive{}, fmt.Errorf("%w: partition %q", ErrInvalid, p.Partition)
	case !accountID.MatchString(p.AccountID):
		return Archive{}, fmt.Errorf("%w: account id %q is not 12 digits", ErrInvalid, p.AccountID)
	case !bucketName.MatchString(p.Bucket):
		return Archive{}, fmt.Errorf("%w: bucket %q of the archive", ErrInvalid, p.Bucket)
	case p.User != "" && p.Role != "":
		return Archive{}, fmt.Errorf("%w: the archive is written by one user or one role, not by both", ErrInvalid)
	case !roleName.MatchString(name):
		return Archive{}, fmt.Errorf("%w: %s %q of the archive", ErrInvalid, kind, name)
	}
	a := Archive{PrincipalARN: "arn:" + p.Partition + ":iam::" + p.AccountID + ":" + kind + "/" + name, Bucket: Bucket{Name: p.Bucket, Use: UseArchive}}
	v := values{BucketARN: "arn:" + p.Partition + ":s3:::" + p.Bucket, Archiver: a.PrincipalARN, TLS: p.TLS}
	for _, d := range []struct {
		into *[]byte
		file string
	}{
		{&a.Policy, "archive.json"},
		{&a.Bucket.Policy, "archive-bucket.json"},
		{&a.Versioning, "archive-versioning.json"},
		{&a.PublicAccess, "archive-public-access.json"},
		{&a.Encryption, "archive-encryption.json"},
	} {
		doc, err := v.render(d.file)
		if err != nil {
			return Archive{}, err
		}
		*d.into = doc
	}
	return a, nil
}
