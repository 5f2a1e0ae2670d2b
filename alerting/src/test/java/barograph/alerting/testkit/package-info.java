/// What tests of this module need: time that stands still until it is told to go on, rules'
/// questions with given answers, and a web that remembers what it was sent.
package barograph.alerting.testkit;
