/// The program: `Main` reads flags, `Barograph` opens every part in reading order and closes them
/// in reverse.
///
/// Start at `Barograph`. Rooms: `config` (files to records), `http` (the wire), `api` (one class
/// per endpoint family), `self` (own metrics), `cli` (the command line).
package barograph.server;
