package devstack

// ContractsVersion is the version of the contracts that this program carries.
func ContractsVersion() int { return contractsVersion }

// RecoveryDelay is how long a newcomer's RECOVERY matures on a chain of
// development unless somebody asks for another delay.
const RecoveryDelay = recoveryDelay
