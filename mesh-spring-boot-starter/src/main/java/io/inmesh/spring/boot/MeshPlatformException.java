package io.inmesh.spring.boot;

/** Thrown at start when the application's class path lacks something that InMesh needs. */
public final class MeshPlatformException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Platform.Problem problem;

    MeshPlatformException(Platform.Problem problem) {
        super(problem.text() + ". " + problem.remedy());
        this.problem = problem;
    }

    Platform.Problem problem() {
        return problem;
    }
}
