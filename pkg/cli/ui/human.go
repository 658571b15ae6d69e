package ui

import (
	"fmt"
	"time"
)

// Named is how a party reads: its name with the short identifier, or the
// identifier alone where no name is known.
func Named(name string, id interface{ Short() string }) string {
	if name == "" {
		return id.Short()
	}
	return name + " (" + id.Short() + ")"
}

// Duration is a length of time for people: 41 ms, 1.2 s, 58 min, 2 h 5 min, 3 d.
func Duration(d time.Duration) string {
	if d < 0 {
		return "-" + Duration(-d)
	}
	unit := func(big, small time.Duration, bigName, smallName string) string {
		d = d.Round(small)
		if rest := d % big / small; rest != 0 {
			return fmt.Sprintf("%d %s %d %s", d/big, bigName, rest, smallName)
		}
		return fmt.Sprintf("%d %s", d/big, bigName)
	}
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d.Round(time.Millisecond) < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d.Round(100*time.Millisecond) < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d.Round(time.Second) < time.Minute:
		return fmt.Sprintf("%d s", int(d.Round(time.Second).Seconds()))
	case d.Round(time.Second) < 10*time.Minute:
		return unit(time.Minute, time.Second, "min", "s")
	case d.Round(time.Minute) < time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	case d.Round(time.Minute) < 24*time.Hour:
		return unit(time.Hour, time.Minute, "h", "min")
	}
	return unit(24*time.Hour, time.Hour, "d", "h")
}

// When is a moment for people: how far it is, and the moment itself.
func When(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := t.Sub(now)
	if d.Abs() < time.Second {
		return "now (" + Time(t) + ")"
	}
	if d < 0 {
		return Duration(-d) + " ago (" + Time(t) + ")"
	}
	return "in " + Duration(d) + " (" + Time(t) + ")"
}

// Time is a moment to the second, in UTC, so that two people read the same.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Bytes is a size for people, in powers of 1024.
func Bytes(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	f, unit := float64(n)/1024, "KiB"
	for _, next := range []string{"MiB", "GiB", "TiB"} {
		if f < 1023.95 {
			break
		}
		f, unit = f/1024, next
	}
	return fmt.Sprintf("%.1f %s", f, unit)
}
