/// Queries under bytes that nobody should send, chosen by Jazzer.
@org.jspecify.annotations.NullMarked
package barograph.query.fuzz;
