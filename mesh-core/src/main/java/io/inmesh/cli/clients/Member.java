package io.inmesh.cli.clients;

/**
 * A field or a method that hands out clients.
 *
 * @param owner internal name of the class by which it is named
 * @param name with the descriptor behind it for a method
 */
record Member(String owner, String name) {}
