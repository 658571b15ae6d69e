package software

// Check is reached through a file of another user, which a test cannot make.
var Check = check
