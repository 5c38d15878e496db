/** The Homebrew formula: the archives of this release by their sums. */
import { type Target, targets } from "../build/targets.ts";
import { archiveName } from "./archive.ts";

/** `sums` has the SHA-256 of each file of the release, `base` is where they lie. @throws Error if an archive is missing. */
export function formulaOf(version: string, homepage: string, base: string, sums: ReadonlyMap<string, string>): string {
  const source = (wanted: Pick<Target, "os" | "cpu">): string => {
    const target = targets.find(({ os, cpu, libc }) => os === wanted.os && cpu === wanted.cpu && libc !== "musl");
    const name = target === undefined ? "" : archiveName(version, target);
    const sum = sums.get(name);
    if (sum === undefined) throw new Error(`no archive for ${wanted.os} ${wanted.cpu}`);
    return `      url "${base}/${name}"\n      sha256 "${sum}"`;
  };
  return `class Lanes < Formula
  desc "See how processes share work, and run yours on every core"
  homepage "${homepage}"
  version "${version}"
  license "MIT"

  on_macos do
    depends_on macos: :ventura
    on_arm do
${source({ os: "darwin", cpu: "arm64" })}
    end
    on_intel do
${source({ os: "darwin", cpu: "x64" })}
    end
  end

  on_linux do
    on_arm do
${source({ os: "linux", cpu: "arm64" })}
    end
    on_intel do
${source({ os: "linux", cpu: "x64" })}
    end
  end

  def install
    bin.install "lanes"
    man1.install "man/lanes.1"
    bash_completion.install "completions/lanes.bash" => "lanes"
    zsh_completion.install "completions/_lanes"
    fish_completion.install "completions/lanes.fish"
    doc.install "README.md", "THIRD-PARTY-NOTICES"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/lanes --version")
    assert_equal "hi\\n", shell_output("#{bin}/lanes lock #{testpath}/a.lock echo hi")
  end
end
`;
}
