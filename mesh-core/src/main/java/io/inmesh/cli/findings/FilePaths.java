package io.inmesh.cli.findings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files as those who read reports want them: relative to the working directory, with slashes. */
final class FilePaths {
    private final Path base = Path.of("").toAbsolutePath().normalize();

    /** Relative to the working directory where the file is below it; as it is where it is no path. */
    String relative(String source) {
        try {
            Path path = Path.of(source);
            Path absolute = base.resolve(path).normalize();
            Path shown = absolute.startsWith(base) ? base.relativize(absolute) : path.normalize();
            String text = shown.toString().replace(shown.getFileSystem().getSeparator(), "/");
            return text.isEmpty() ? "." : text;
        } catch (InvalidPathException e) {
            return source;
        }
    }

    /** The same as a URI reference; with {@code file:} where an absolute path has to stay one. */
    String uri(String source) {
        String path = relative(source);
        boolean absolute = isAbsolute(path);
        try {
            String rooted = path.startsWith("/") ? path : "/" + path;
            String encoded = new URI("file", null, rooted, null).toASCIIString().substring("file:".length());
            // A colon in the first part of a relative reference would end a scheme.
            return absolute ? "file://" + encoded : encoded.substring(1).replace(":", "%3A");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("A path that is no URI: " + path, e);
        }
    }

    private static boolean isAbsolute(String path) {
        try {
            return Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
