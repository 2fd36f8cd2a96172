package blindbook

// #include <blindbook.h>
import "C"

import "unsafe"

// A Match is a contact who subscribes. Label is empty where the directory has none.
type Match struct {
	Number string // in E.164
	Label  string
}

// A Result is what a run has come to.
type Result struct {
	Matches        []Match
	Evaluated      int // numbers newly evaluated in this run
	NotLookedUp    int // numbers for which the allowance or the largest batch did not suffice
	UnopenedLabels int
	Partial        bool  // the allowance ended half-way
	AllowanceLeft  int64 // in evaluations, as the last answer said; -1: none was asked for
	Edition        uint32
	Epoch          [16]byte
	Head           [32]byte // of the operator's log: to be compared over another channel
}

// Result is what the run has come to. ApiMisuse "run.order" before it has ended with matches.
func (c *Client) Result() (*Result, error) {
	var result *Result
	err := c.call(func(handle *C.bb_client, failed *C.bb_error) C.bb_status {
		var counts C.bb_result
		status := C.bb_client_result(handle, &counts, failed)
		if status != C.BB_OK {
			return status
		}
		matches := make([]Match, counts.matches)
		for i := range matches {
			var number [32]C.char // more than the header says is enough
			var label [1024]C.char
			numberSize, labelSize := C.size_t(len(number)), C.size_t(len(label))
			status = C.bb_client_match(handle, C.size_t(i), &number[0], &numberSize, &label[0], &labelSize, failed)
			if status != C.BB_OK {
				return status
			}
			matches[i] = Match{C.GoString(&number[0]), C.GoString(&label[0])}
		}
		result = &Result{
			Matches:        matches,
			Evaluated:      int(counts.evaluated),
			NotLookedUp:    int(counts.not_looked_up),
			UnopenedLabels: int(counts.unopened_labels),
			Partial:        counts.partial != 0,
			AllowanceLeft:  int64(counts.allowance_left),
			Edition:        uint32(counts.edition),
			Epoch:          *(*[16]byte)(unsafe.Pointer(&counts.epoch)),
			Head:           *(*[32]byte)(unsafe.Pointer(&counts.head)),
		}
		return C.BB_OK
	})
	return result, err
}
