package io.inmesh.cli.clients;

import java.util.List;

/**
 * Classes that are looked at together: an application's own ones, or those of one library.
 *
 * @param archive file name of the archive, or path of the folder, as printed
 * @param library whether they were brought along
 * @param brought file names of the libraries beside the classes; empty for a library
 */
record ClassUnit(String archive, boolean library, List<ClassFile> classes, List<String> brought) {}
