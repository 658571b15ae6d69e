package keeper_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/chain"
	"github.com/litentry/agentkeys/pkg/cli/devstack"
	"github.com/litentry/agentkeys/pkg/client"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/operator"
	"github.com/litentry/agentkeys/pkg/passkey"
	"github.com/litentry/agentkeys/pkg/passkey/software"
	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

func serviceNamed(t testing.TB, s string) service.Name {
	t.Helper()
	return must[service.Name](t)(service.Parse(s))
}

// operator registers one with a software passkey.
func (k *kit) operator() *operator.Operator {
	k.t.Helper()
	wallet := must[*ecdsa.PrivateKey](k.t)(crypto.GenerateKey())
	_, err := chain.FundFromFaucet(k.t.Context(), k.Profile.ChainProfile(), crypto.PubkeyToAddress(wallet.PublicKey))
	check(k.t, err)
	auth := must[*software.Authenticator](k.t)(software.New("development"))
	cred := must[passkey.Credential](k.t)(auth.Enroll(k.t.Context(), passkey.EnrollRequest{
		RPID: "localhost", Origin: "http://localhost:8097", UserName: "test", UserID: []byte("user-1"), Challenge: [32]byte{1},
	}))
	o := &operator.Operator{
		Chain: k.operations(wallet, ""), Account: crypto.PubkeyToAddress(wallet.PublicKey),
		Masters: []operator.Master{{Credential: cred, Passkey: auth}}, Now: time.Now,
		Show: func(string, []typeddata.Line) error { return nil },
	}
	_, _, err = o.Register(k.t.Context())
	check(k.t, err)
	return o
}

// agent is one that may do everything with its services.
type agent struct {
	*client.Caller
	t        testing.TB
	operator omni.Operator
	actor    omni.Actor
}

func (k *kit) agent(o *operator.Operator, services ...string) *agent {
	k.t.Helper()
	key := must[*ecdsa.PrivateKey](k.t)(crypto.GenerateKey())
	r := must[operator.Request](k.t)(operator.NewRequest(key, "bot", omni.OperatorOfWallet(o.Account), omni.Actor{}, o.Chain.RegistryDomain(), time.Now()))
	_, err := o.BindAgent(k.t.Context(), r, omni.Actor{})
	check(k.t, err)
	var grants []chain.Grant
	for _, s := range services {
		grants = append(grants, chain.Grant{Service: serviceNamed(k.t, s), Ops: service.AllOps})
	}
	_, err = o.SetScope(k.t.Context(), r.Actor, grants)
	check(k.t, err)
	return &agent{must[*client.Caller](k.t)(client.New(k.Profile, key, client.NewMemory(), time.Now)), k.t, omni.OperatorOfWallet(o.Account), r.Actor}
}

func (a *agent) key(s string) blob.Key { return blob.CredentialKey(a.actor, serviceNamed(a.t, s)) }

// put stores a secret through the worker.
func (a *agent) put(s, value string) {
	a.t.Helper()
	if _, err := a.StoreCredential(a.t.Context(), omni.Actor{}, serviceNamed(a.t, s), secret.New([]byte(value))); err != nil {
		a.t.Error(err)
	}
}

func (a *agent) drop(s string) {
	a.t.Helper()
	if _, err := a.TeardownCredential(a.t.Context(), omni.Actor{}, serviceNamed(a.t, s)); err != nil {
		a.t.Error(err)
	}
}

// has fails unless the worker gives exactly that secret.
func (a *agent) has(s, value string) {
	a.t.Helper()
	got, err := a.FetchCredential(a.t.Context(), omni.Actor{}, serviceNamed(a.t, s))
	if err != nil || string(got.Reveal()) != value {
		a.t.Errorf("%s of %s is %q, not %q: %v", s, a.actor, got.Reveal(), value, err)
	}
}

// refused fails unless fetching ends with exactly that code.
func (a *agent) refused(s string, code apierr.Code) {
	a.t.Helper()
	if _, err := a.FetchCredential(a.t.Context(), omni.Actor{}, serviceNamed(a.t, s)); apierr.CodeOf(err) != code {
		a.t.Errorf("%s of %s: %v, not %s", s, a.actor, err, code)
	}
}

// raw is an object as it lies in storage.
func (k *kit) raw(key string) []byte {
	k.t.Helper()
	return must[[]byte](k.t)(k.Cloud.RawObject(k.Profile.Cloud.VaultBucket, key))
}

func (k *kit) under(key blob.Key) uint64 {
	k.t.Helper()
	return must[uint64](k.t)(envelope.Epoch(k.raw(key.String())))
}

// maintenance takes the maintenance role of the credentials.
func (k *kit) maintenance() sts.Credentials {
	k.t.Helper()
	return k.maintenanceOf(service.Credentials)
}

func (k *kit) maintenanceOf(class service.Class) sts.Credentials {
	k.t.Helper()
	user := must[sts.StaticKeys](k.t)(sts.ParseProcessCredentials(must[[]byte](k.t)(os.ReadFile(filepath.Join(k.dir, devstack.MaintenanceFile)))))
	c := must[*sts.Client](k.t)(sts.New(sts.Config{Endpoint: k.Profile.Cloud.STSEndpoint, Region: k.Profile.Cloud.Region}))
	return must[sts.Credentials](k.t)(c.AssumeRole(k.t.Context(), sts.AssumeRequest{
		RoleARN: k.Profile.Cloud.MaintenanceRoleARN(class), SessionName: "test", Duration: time.Hour,
		Tags: map[string]string{"agentkeys_class": string(class), "agentkeys_access": "maintenance"}, Keys: user,
	}))
}

// bucket is storage of the credentials under the maintenance role, over a client of
// one's own.
func (k *kit) bucket(web *http.Client) keeper.Bucket {
	k.t.Helper()
	return k.bucketOf(service.Credentials, web)
}

func (k *kit) bucketOf(class service.Class, web *http.Client) keeper.Bucket {
	k.t.Helper()
	has, _ := k.Profile.Cloud.Storage(class)
	st := must[*blob.Store](k.t)(blob.New(blob.Config{
		Endpoint: k.Profile.Cloud.S3Endpoint, Region: k.Profile.Cloud.Region, Bucket: has.Bucket, HTTPClient: web,
	}))
	s := st.Open(k.maintenanceOf(class))
	return keeper.Bucket{Class: class, Open: func(context.Context) (*blob.Session, error) { return s, nil }}
}

// buckets are those of every class that the stack's signer serves.
func (k *kit) buckets() []keeper.Bucket {
	k.t.Helper()
	return []keeper.Bucket{k.bucket(nil), k.bucketOf(service.Memory, nil)}
}

// write puts bytes under any name, as the product never does.
func (k *kit) write(key string, data []byte) {
	k.t.Helper()
	_, err := k.s3(k.maintenance()).PutObject(k.t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(k.Profile.Cloud.VaultBucket), Key: aws.String(key), Body: bytes.NewReader(data),
	})
	check(k.t, err)
}

// remove deletes an object of any name as its owner, as the product never does.
func (k *kit) remove(a *agent, key string) {
	k.t.Helper()
	c := must[sts.Credentials](k.t)(a.Storage(k.t.Context(), api.WebIdentityRequest{Class: service.Credentials, Actor: a.actor, Access: "write"}))
	_, err := k.s3(c).DeleteObject(k.t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(k.Profile.Cloud.VaultBucket), Key: aws.String(key)})
	check(k.t, err)
}

func (k *kit) s3(c sts.Credentials) *s3.Client {
	return s3.New(s3.Options{
		Region: k.Profile.Cloud.Region, BaseEndpoint: aws.String(k.Profile.Cloud.S3Endpoint), UsePathStyle: true,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		Credentials:                sts.StaticKeys{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken}.Provider(),
	})
}

// reencryption is of everything, at the stack's own signer.
func (k *kit) reencryption(web *http.Client) *keeper.Reencryption {
	k.t.Helper()
	return &keeper.Reencryption{Chain: k.chain, Signer: k.dial(web), Buckets: []keeper.Bucket{k.bucket(web)}}
}
