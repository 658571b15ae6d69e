package devcloud

import (
	"maps"
	"slices"
	"strings"
)

type wireRole struct {
	Path, RoleName, RoleID   string    `xml:",omitempty"`
	ARN                      string    `xml:"Arn"`
	CreateDate               string    `xml:",omitempty"`
	AssumeRolePolicyDocument string    `xml:",omitempty"`
	Description              string    `xml:",omitempty"`
	Tags                     []wireTag `xml:"Tags>member"`
}

func (r roleState) wire() any {
	return struct{ Role wireRole }{wireRole{
		Path: "/", RoleName: r.Name, ARN: r.ARN, AssumeRolePolicyDocument: escaped(r.Trust), Description: r.Description, Tags: wireTags(r.Tags),
	}}
}

// roleNamed is the role that a form names.
func (c *Cloud) roleNamed(form map[string]string) (roleState, error) {
	c.made.mu.RLock()
	defer c.made.mu.RUnlock()
	r, ok := c.made.roles[form["RoleName"]]
	if !ok {
		return r, noSuchEntity("role", form["RoleName"])
	}
	return r, nil
}

func (c *Cloud) getRole(form map[string]string) (any, error) {
	r, err := c.roleNamed(form)
	return r.wire(), err
}

func (c *Cloud) createRole(form map[string]string) (any, error) {
	name := form["RoleName"]
	tags, err := formTags(form)
	if err != nil {
		return nil, err
	}
	if !roleText.MatchString(name) || len(form["Description"]) > 1000 {
		return nil, faultValidation
	}
	if err := withinQuota(form["AssumeRolePolicyDocument"], maxTrust); err != nil {
		return nil, err
	}
	made := roleState{
		Name: name, ARN: "arn:" + partitionOf(c.region) + ":iam::" + c.account + ":role/" + name,
		Description: form["Description"], Trust: form["AssumeRolePolicyDocument"], Policies: map[string]string{}, Tags: tags,
	}
	err = c.made.changeRole(name, func(r *roleState, _ bool) error {
		for other := range c.made.roles { // names are unique without regard to case
			if strings.EqualFold(other, name) {
				return alreadyThere("Role", name)
			}
		}
		*r = made
		return nil
	})
	return made.wire(), err
}

// changeRole changes the role that the form names.
func (c *Cloud) changeRole(form map[string]string, edit func(*roleState)) (any, error) {
	return noResult{}, c.made.changeRole(form["RoleName"], func(r *roleState, there bool) error {
		if !there {
			return noSuchEntity("role", form["RoleName"])
		}
		edit(r)
		return nil
	})
}

func (c *Cloud) updateTrust(form map[string]string) (any, error) {
	if err := withinQuota(form["PolicyDocument"], maxTrust); err != nil {
		return nil, err
	}
	return c.changeRole(form, func(r *roleState) { r.Trust = form["PolicyDocument"] })
}

func (c *Cloud) tagRole(form map[string]string) (any, error) {
	tags, err := formTags(form)
	if err != nil {
		return nil, err
	}
	return c.changeRole(form, func(r *roleState) {
		if r.Tags == nil {
			r.Tags = map[string]string{}
		}
		maps.Copy(r.Tags, tags)
	})
}

func (c *Cloud) getRolePolicy(form map[string]string) (any, error) {
	r, err := c.roleNamed(form)
	if err != nil {
		return nil, err
	}
	doc, ok := r.Policies[form["PolicyName"]]
	if !ok {
		return nil, noSuchEntity("role policy", form["PolicyName"])
	}
	return struct{ RoleName, PolicyName, PolicyDocument string }{r.Name, form["PolicyName"], escaped(doc)}, nil
}

func (c *Cloud) putRolePolicy(form map[string]string) (any, error) {
	if !roleText.MatchString(form["PolicyName"]) {
		return nil, faultValidation
	}
	if err := withinQuota(form["PolicyDocument"], maxRolePolicy); err != nil {
		return nil, err
	}
	return c.changeRole(form, func(r *roleState) {
		if r.Policies == nil {
			r.Policies = map[string]string{}
		}
		r.Policies[form["PolicyName"]] = form["PolicyDocument"]
	})
}

func (c *Cloud) listRolePolicies(form map[string]string) (any, error) {
	r, err := c.roleNamed(form)
	return struct {
		Names       []string `xml:"PolicyNames>member"`
		IsTruncated bool
	}{slices.Sorted(maps.Keys(r.Policies)), false}, err
}

// listAttached: there are no managed policies here.
func (c *Cloud) listAttached(form map[string]string) (any, error) {
	_, err := c.roleNamed(form)
	return struct{ IsTruncated bool }{}, err
}
