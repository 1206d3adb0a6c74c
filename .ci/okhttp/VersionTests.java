import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import okhttp3.OkHttp;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs test classes on the OkHttp that the class path has, and prints how many tests were right. Ends with 1 if one was
 * wrong, none was found, or the class path has another OkHttp than was wanted. Usage: VERSION CLASS...
 */
public final class VersionTests {
    private VersionTests() {}

    public static void main(String[] args) throws Exception {
        // By reflection: as a constant it would be that of the compiler's class path.
        Object found = OkHttp.class.getField("VERSION").get(null);
        if (!args[0].equals(found)) {
            System.out.println("OkHttp " + args[0] + ": the class path has " + found);
            System.exit(1);
        }
        List<String> classes = Arrays.asList(args).subList(1, args.length);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(name -> selectClass(name)).toList())
                .filters(ClassNameFilter.includeClassNamePatterns(".*"))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        Set<String> differs = Set.of(System.getProperty("differs", "none").split(","));
        List<TestExecutionSummary.Failure> failures = new ArrayList<>(summary.getFailures());
        int all = failures.size();
        failures.removeIf(failure -> differs.stream()
                .anyMatch(name -> failure.getTestIdentifier().getUniqueId().contains(":" + name + "(")));
        int different = all - failures.size();
        failures.forEach(failure -> {
            System.out.println("  wrong: " + failure.getTestIdentifier().getUniqueIdObject().getLastSegment() + " of "
                    + failure.getTestIdentifier().getParentIdObject().map(id -> id.getLastSegment().getValue()).orElse("")
                    + ": " + String.valueOf(failure.getException()).lines().findFirst().orElse(""));
            if (Boolean.getBoolean("stacks")) {
                failure.getException().printStackTrace(System.out);
            }
        });
        long left = summary.getTestsAbortedCount() + summary.getTestsSkippedCount();
        long total = summary.getTestsFoundCount() - left - different;
        System.out.printf(
                "OkHttp %-7s %d of %d right%s%s%n",
                found,
                summary.getTestsSucceededCount(),
                total,
                left == 0 ? "" : ", " + left + " more want what its test server cannot do",
                different == 0 ? "" : ", " + different + " differ as docs/okhttp.md says");
        boolean right = total > 0
                && summary.getTestsSucceededCount() == total
                && failures.isEmpty();
        System.exit(right ? 0 : 1);
    }
}
