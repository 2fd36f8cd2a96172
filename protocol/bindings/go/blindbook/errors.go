package blindbook

// #include <blindbook.h>
import "C"

// A Status says whose fault it is that something did not happen: branch on it and on nothing finer.
type Status int

const (
	PeerMisbehaved Status = C.BB_PEER_MISBEHAVED // the other side broke the protocol: tell the user, do not try again
	BadInput       Status = C.BB_BAD_INPUT       // what this side's user handed in cannot be used
	ApiMisuse      Status = C.BB_API_MISUSE      // the calling program broke a rule of this package
	Unavailable    Status = C.BB_UNAVAILABLE     // nobody's fault: trying again may help
	Spent          Status = C.BB_SPENT           // the account's allowance does not cover the request
)

// An Error says that nothing happened, and why:
//
//	var failed *blindbook.Error
//	if errors.As(err, &failed) && failed.Status == blindbook.PeerMisbehaved {
type Error struct {
	Status  Status
	Rule    string // stable, such as "announcement.signature"; docs/spec/errors.md lists them
	Message string // one clause for a person, in English
	Hint    string // what the user can do; empty when there is nothing
}

// Error is for a log: the rule, and the clause.
func (e *Error) Error() string {
	return e.Rule + ": " + e.Message
}
