package devstack

// AccountID is the account that a stack's cloud is: the one of a gateway in
// [Config.Storage], too.
const AccountID = accountID
