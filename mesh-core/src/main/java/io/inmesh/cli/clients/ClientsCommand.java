package io.inmesh.cli.clients;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clients APP.jar...}. */
@Command(
        name = "clients",
        mixinStandardHelpOptions = true,
        description = {
            "Lists where an application makes and calls HTTP clients, and whether the mesh carries them.",
            "Reads byte code and runs none of it. Exit code 1 when something cannot be read, 0 otherwise."
        })
public final class ClientsCommand implements Callable<Integer> {
    enum Output {
        TEXT,
        JSON
    }

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description =
                    "A jar, a war, a jar of Spring Boot (of these two the application's own classes), or a folder of"
                            + " classes.")
    private List<Path> paths = List.of();

    @Option(names = "--libraries", description = "Also looks into the jars that these bring along.")
    private boolean libraries;

    @Option(names = "--strict", description = "Exit code 1 also when anything is not carried.")
    private boolean strict;

    @Option(names = "--output", defaultValue = "text", description = "text or json (one object a line).")
    private Output output = Output.TEXT;

    @Spec
    private @Nullable CommandSpec spec;

    private final List<String> problems = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int classes;
    private int archives;
    private @Nullable BootVersion boot;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(spec).commandLine();
        ArchiveReader reader = new ArchiveReader(libraries, this::look, problems);
        new LinkedHashSet<>(paths).forEach(reader::read);
        places.sort(Place.ORDER);
        if (output == Output.JSON) {
            ClientsReport.json(places, line.getOut());
        } else {
            ClientsReport.text(places, line.getOut());
        }
        notes.forEach(note -> line.getErr().println("note: " + note));
        problems.forEach(problem -> line.getErr().println("error: " + problem));
        line.getErr()
                .println(counted(classes, "class", "classes") + " of " + counted(archives, "archive", "archives")
                        + " read");
        boolean refused =
                strict && places.stream().anyMatch(place -> place.answer().verdict() == Verdict.NOT_CARRIED);
        return problems.isEmpty() && !refused ? 0 : 1;
    }

    private void look(ClassUnit unit) {
        if (!unit.library()) {
            boot = BootVersion.among(unit.brought());
            note(unit);
        }
        archives++;
        int before = problems.size();
        List<Place> found = UnitScan.of(unit, problems);
        classes += unit.classes().size() - (problems.size() - before);
        BootVersion version = boot;
        for (Place place : found) {
            places.add(version == null ? place : place.answered(version.answer(place.answer())));
        }
    }

    private void note(ClassUnit unit) {
        boolean starter = unit.brought().stream().anyMatch(jar -> jar.startsWith("mesh-spring-boot-starter-"));
        if (boot != null && !boot.isTooOld() && !starter) {
            notes.add(
                    unit.archive()
                            + ": mesh-spring-boot-starter is not among its libraries; what it carries is carried once it is added");
        }
    }

    private static String counted(int count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }
}
