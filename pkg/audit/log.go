package audit

import (
	"context"
	"errors"

	"github.com/rs/zerolog"
)

// LogSink is the Sink of a process without a journal: one structured line per
// event, with the event as the member "event" whatever the logger's level is. A
// logger that drops everything takes no events. What becomes of the line behind
// the logger is not known here: an event is as durable as the log.
func LogSink(l zerolog.Logger) Sink { return logSink{l} }

type logSink struct{ log zerolog.Logger }

// Emit implements Sink.
func (s logSink) Emit(ctx context.Context, e Event) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", Unavailable(err)
	}
	b, err := e.Encode()
	if err != nil {
		return "", Unavailable(err)
	}
	line := s.log.Log()
	if !line.Enabled() {
		return "", Unavailable(errors.New("the log is switched off"))
	}
	line.RawJSON("event", b).Msg("audit")
	return "", nil
}
