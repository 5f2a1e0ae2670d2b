/// One class that Chronicle Map would write and compile when it is used, written beforehand.
///
/// The package is the library's, which finds the class here by its name.
package net.openhft.chronicle.hash;
