package io.inmesh.cli.clients;

/**
 * A class file as it stands in an archive or folder.
 *
 * @param location names it in messages: {@code app.jar!/BOOT-INF/classes/com/acme/A.class}
 */
record ClassFile(String location, byte[] bytes) {}
