package provision

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
)

// audience is whom web identities are for.
const audience = "sts.amazonaws.com"

// planProvider looks at the OIDC provider of the issuer.
func (c *Client) planProvider(ctx context.Context, p *Plan, w Want) error {
	what := "OIDC provider " + w.Issuer
	p.look(what)
	arn := aws.String(w.Set.ProviderARN)
	var have *awsiam.GetOpenIDConnectProviderOutput
	err := call(ctx, "looking for the "+what, func(ctx context.Context) (err error) {
		have, err = c.iam.GetOpenIDConnectProvider(ctx, &awsiam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: arn})
		return err
	})
	if is(err, "NoSuchEntity") {
		p.add(what, "provider", true, nil, func(ctx context.Context) error {
			return call(ctx, "making an OIDC provider", func(ctx context.Context) error {
				_, err := c.iam.CreateOpenIDConnectProvider(ctx, &awsiam.CreateOpenIDConnectProviderInput{
					Url: aws.String(w.Issuer), ClientIDList: []string{audience}, ThumbprintList: w.Thumbprints, Tags: p.tags("").iam(),
				})
				return err
			})
		})
		return nil
	}
	if err != nil {
		return err
	}
	if is := tagsOfIAM(have.Tags); !is.marked() {
		if !p.refuse(what, "it lacks the tag "+markTag+"="+markValue) {
			return nil
		}
		p.tag(what, is, nil, func(ctx context.Context) error {
			return call(ctx, "tagging an OIDC provider", func(ctx context.Context) error {
				_, err := c.iam.TagOpenIDConnectProvider(ctx, &awsiam.TagOpenIDConnectProviderInput{OpenIDConnectProviderArn: arn, Tags: p.tags("").iam()})
				return err
			})
		})
	}
	c.planAudience(p, what, arn, have.ClientIDList)
	if len(w.Thumbprints) > 0 && !sameSet(have.ThumbprintList, w.Thumbprints) {
		p.add(what, "thumbprints", false, difference(meaning{"thumbprint": have.ThumbprintList}, meaning{"thumbprint": w.Thumbprints}), func(ctx context.Context) error {
			return call(ctx, "setting the thumbprints of an OIDC provider", func(ctx context.Context) error {
				_, err := c.iam.UpdateOpenIDConnectProviderThumbprint(ctx, &awsiam.UpdateOpenIDConnectProviderThumbprintInput{OpenIDConnectProviderArn: arn, ThumbprintList: w.Thumbprints})
				return err
			})
		})
	}
	return nil
}

// planAudience adds ours; others do no harm, since every trust policy names the
// audience that it wants, and are told.
func (c *Client) planAudience(p *Plan, what string, arn *string, have []string) {
	if !slices.Contains(have, audience) {
		p.add(what, "audience", len(have) == 0, []string{"+ " + audience}, func(ctx context.Context) error {
			return call(ctx, "adding an audience to an OIDC provider", func(ctx context.Context) error {
				_, err := c.iam.AddClientIDToOpenIDConnectProvider(ctx, &awsiam.AddClientIDToOpenIDConnectProviderInput{OpenIDConnectProviderArn: arn, ClientID: aws.String(audience)})
				return err
			})
		})
	}
	for _, other := range have {
		if other != audience {
			p.warn("%s also takes tokens for %q: none is issued here", what, other)
		}
	}
}

func sameSet(a, b []string) bool {
	fold := func(l []string) []string {
		out := make([]string, len(l))
		for i, s := range l {
			out[i] = strings.ToLower(s)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return slices.Equal(fold(a), fold(b))
}
