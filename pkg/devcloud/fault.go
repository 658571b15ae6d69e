package devcloud

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"net/http"
)

// fault is a refusal with the code and status that AWS gives it.
type fault struct {
	status        int
	code, message string
}

// Error implements error.
func (f *fault) Error() string { return f.code + ": " + f.message }

// The refusals of S3 and STS; those of KMS have a form of their own.
var (
	faultAccessDenied   = &fault{http.StatusForbidden, "AccessDenied", "Access Denied"}
	faultNotImplemented = &fault{http.StatusNotImplemented, "NotImplemented", "This development cloud does only what the product asks for."}
	faultNoSuchBucket   = &fault{http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist"}
	faultNoSuchKey      = &fault{http.StatusNotFound, "NoSuchKey", "The specified key does not exist."}
	faultInvalidURI     = &fault{http.StatusBadRequest, "InvalidURI", "Couldn't parse the specified URI."}
	faultArgument       = &fault{http.StatusBadRequest, "InvalidArgument", "A parameter is malformed."}
	faultTooLarge       = &fault{http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"}
	faultIncomplete     = &fault{http.StatusBadRequest, "IncompleteBody", "The body is not as long as it was said to be."}
	faultLength         = &fault{http.StatusLengthRequired, "MissingContentLength", "You must provide the Content-Length HTTP header."}
	faultAuthHeader     = &fault{http.StatusBadRequest, "AuthorizationHeaderMalformed", "The authorization header that you provided is not valid."}
	faultSignature      = &fault{http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."}
	faultPayload        = &fault{http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."}
	faultSkewed         = &fault{http.StatusForbidden, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."}
	faultInvalidToken   = &fault{http.StatusBadRequest, "InvalidToken", "The provided token is malformed or otherwise invalid."}
	faultExpiredToken   = &fault{http.StatusBadRequest, "ExpiredToken", "The provided token has expired."}
	faultBadDigest      = &fault{http.StatusBadRequest, "BadDigest", "The SHA256 you specified did not match the calculated checksum."}
	faultChecksum       = &fault{http.StatusBadRequest, "InvalidRequest", "Value for x-amz-checksum-sha256 header is invalid."}
	faultPrecondition   = &fault{http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"}
	faultRange          = &fault{http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable"}
	faultMalformedXML   = &fault{http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"}
	faultLocation       = &fault{http.StatusBadRequest, "IllegalLocationConstraintException", "The location constraint is incompatible for the region specific endpoint this request was sent to."}
	faultBucketOwned    = &fault{http.StatusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it."}
	faultNoPolicy       = &fault{http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist"}
	faultNoPublicAccess = &fault{http.StatusNotFound, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"}
	faultNoOwnership    = &fault{http.StatusNotFound, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found"}
	faultNoEncryption   = &fault{http.StatusNotFound, "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found"}
	faultNoTags         = &fault{http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist"}
	faultTag            = &fault{http.StatusBadRequest, "InvalidTag", "A tag is malformed, there twice, one too many or has a name that is kept."}
	faultBucketPolicy   = &fault{http.StatusBadRequest, "MalformedPolicy", "Policies must be valid JSON and say what this development cloud knows."}
	faultInternal       = &fault{http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again."}

	faultNotAuthorized   = &fault{http.StatusForbidden, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"}
	faultNotAssumed      = &fault{http.StatusForbidden, "AccessDenied", "Not authorized to perform sts:AssumeRole"}
	faultNoSignature     = &fault{http.StatusForbidden, "MissingAuthenticationToken", "Request is missing Authentication Token"}
	faultHalfSigned      = &fault{http.StatusBadRequest, "IncompleteSignature", "The request signature does not conform to AWS standards."}
	faultUnknownKey      = &fault{http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid."}
	faultInvalidAction   = &fault{http.StatusBadRequest, "InvalidAction", "This development cloud does only what the product asks for."}
	faultValidation      = &fault{http.StatusBadRequest, "ValidationError", "A parameter is missing, malformed, there twice or not in use here."}
	faultInvalidIdentity = &fault{http.StatusBadRequest, "InvalidIdentityToken", "The web identity token is not genuine, or not for this service."}
	faultExpiredIdentity = &fault{http.StatusBadRequest, "ExpiredTokenException", "The web identity token has expired."}
	faultNoProvider      = &fault{http.StatusBadRequest, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for the issuer."}
	faultMalformedPolicy = &fault{http.StatusBadRequest, "MalformedPolicyDocument", "The policy is not JSON, or says what this development cloud does not know."}
	faultIssuer          = &fault{http.StatusBadRequest, "IDPCommunicationError", "The issuer of the web identity token could not be asked."}
)

// faultOf is the fault that err is; anything else is an internal error.
func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return faultInternal
}

// writeXML answers with a document.
func writeXML(w http.ResponseWriter, status int, doc any) {
	body, err := xml.Marshal(doc)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), body...))
}

func requestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
