/// What tests of every module share: the naive store, builders, and the way to third-party data.
package barograph.storage.testkit;
