package devstack

// RecoveryDelay is how long a newcomer's RECOVERY matures on a chain of
// development unless somebody asks for another delay.
const RecoveryDelay = recoveryDelay
