package io.inmesh.config.source;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.internal.istio.ObjectReader;
import io.inmesh.internal.istio.Reading;
import io.inmesh.internal.text.DocumentListener;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads Istio's rule objects from YAML text or JSON-shaped trees: VirtualService, DestinationRule, ServiceEntry,
 * WorkloadEntry and Gateway of {@code networking.istio.io} v1, v1beta1 and v1alpha3, AuthorizationPolicy and
 * RequestAuthentication of {@code security.istio.io} v1 and v1beta1, in as many documents as there are, {@code kind: List}
 * included. All kinds are read for everybody; {@link RuleUser} says of which errors matter.
 *
 * <p>Strict: an unknown field, a wrong type or a value that Istio's own validation refuses is an error, and so is a field
 * that Istio knows and InMesh does not execute, unless its loss does no harm ({@link UnsupportedFields}). All problems are
 * reported at once. An object with an error is left out, the others are there; an object that is only in force without
 * some fields is there too.
 *
 * <p>Never throws on bad input and never takes long over it: text over 16 MiB, nesting over 100, and more than a million
 * values in a document (aliases written out) are errors.
 *
 * <p>YAML is read as version 1.2. Where Kubernetes, which reads 1.1, would see something else ({@code on}, {@code 010})
 * the unquoted value or key is refused with a hint to quote it.
 *
 * <p>Immutable and thread-safe.
 */
public final class ConfigReader {
    private final Reading how;
    private final DocumentListener listener;

    private ConfigReader(Reading how, DocumentListener listener) {
        this.how = how;
        this.listener = listener;
    }

    /** The same reader that tells of every document of a text that it reads. */
    ConfigReader telling(DocumentListener newListener) {
        return new ConfigReader(how, newListener);
    }

    /**
     * The reader that a mesh uses unless told: {@link UnsupportedFields#SENSIBLE}, namespace {@code default}, for a {@link
     * RuleUser#CALLER}.
     */
    public static ConfigReader sensible() {
        return new ConfigReader(
                new Reading(UnsupportedFields.SENSIBLE, "default", RuleUser.CALLER), DocumentListener.NONE);
    }

    /**
     * The reader that refuses every object with a field that InMesh does not execute; namespace {@code default}, for a {@link
     * RuleUser#CALLER}.
     */
    public static ConfigReader strict() {
        return sensible().withUnsupported(UnsupportedFields.REFUSE_ALL);
    }

    /** The same reader that does something else about fields which InMesh does not execute. Unknown fields stay errors. */
    public ConfigReader withUnsupported(UnsupportedFields treatment) {
        return new ConfigReader(new Reading(treatment, how.defaultNamespace(), how.user()), listener);
    }

    /**
     * The same reader with another namespace for objects that name none.
     *
     * @throws IllegalArgumentException when the name is empty
     */
    public ConfigReader withDefaultNamespace(String namespace) {
        if (namespace.isEmpty()) {
            throw new IllegalArgumentException("the default namespace must not be empty");
        }
        return new ConfigReader(new Reading(how.unsupported(), namespace, how.user()), listener);
    }

    /** The same reader for somebody else, for whom other rules have effect. */
    public ConfigReader forUser(RuleUser user) {
        return new ConfigReader(new Reading(how.unsupported(), how.defaultNamespace(), user), listener);
    }

    /** The same reader for a {@link RuleUser#GATEWAY}. */
    public ConfigReader forGateway() {
        return forUser(RuleUser.GATEWAY);
    }

    /** The same reader for a {@link RuleUser#SERVER}: policies for what comes in have effect. */
    public ConfigReader forInbound() {
        return forUser(RuleUser.SERVER);
    }

    /** For whom it reads. */
    public RuleUser user() {
        return how.user();
    }

    /**
     * Reads YAML text (and so JSON text).
     *
     * @param sourceName file path, class-path location or property name, for origins and problems; not empty
     */
    public Result read(String sourceName, String yamlText) {
        return readText(sourceName, yamlText, false);
    }

    /** Reads the text of a file that was found in a folder: documents that are no Kubernetes objects are noted only. */
    Result readFound(String sourceName, String yamlText) {
        return readText(sourceName, yamlText, true);
    }

    /**
     * Reads one object as JSON libraries represent it. Origins have no line.
     *
     * @param sourceName {@code Kind/namespace/name} or what else tells the place; not empty
     * @param jsonTree maps with string keys, lists, strings, numbers, booleans and null
     */
    public Result readTree(String sourceName, @Nullable Object jsonTree) {
        ObjectReader objects = new ObjectReader(sourceName, false, how);
        objects.readTree(jsonTree);
        return Result.of(objects);
    }

    /**
     * What there is of a text that could not be had at all.
     *
     * @param problem an error that says why
     */
    Result unread(ConfigProblem problem) {
        return new Result(
                List.of(),
                List.of(problem),
                true,
                how.user().judgesRequests()
                        ? List.of(ObjectReader.standInForText(problem.origin().source()))
                        : List.of());
    }

    private Result readText(String sourceName, String yamlText, boolean found) {
        ObjectReader objects = new ObjectReader(sourceName, found, how);
        objects.readText(yamlText, listener);
        return Result.of(objects);
    }

    /**
     * What was read.
     *
     * @param objects those that can be used, in order of writing
     * @param problems of all objects, in order of finding
     * @param leavesOut whether an object or a whole document is left out because of an error
     * @param standIns what stands in for policies that cannot be read, until there is a version of them that can: each
     *     refuses all that the one may refuse
     */
    public record Result(
            List<ConfigObject> objects, List<ConfigProblem> problems, boolean leavesOut, List<ConfigObject> standIns) {
        public Result {
            objects = List.copyOf(objects);
            problems = List.copyOf(problems);
            standIns = List.copyOf(standIns);
        }

        /** A result in which nothing stands in for anything. */
        public Result(List<ConfigObject> objects, List<ConfigProblem> problems, boolean leavesOut) {
            this(objects, problems, leavesOut, List.of());
        }

        private static Result of(ObjectReader read) {
            return new Result(read.objects(), read.problems(), read.leavesOut(), read.standIns());
        }

        /** The objects by kind, in the order of reading, and what stands in for others. */
        public MeshConfig config() {
            return MeshConfig.of(
                    Stream.concat(objects.stream(), standIns.stream()).toList());
        }

        /** Whether any problem is an error; objects with errors may be in use all the same. */
        public boolean hasErrors() {
            return problems.stream().anyMatch(ConfigProblem::isError);
        }
    }
}
