import { Process } from "lanes";

class Greeter extends Process {
  constructor(private who: string) {
    super();
  }
  override async run() {
    console.log(`hello ${this.who}, I am process ${process.pid} (${this.name})`);
  }
}

if (import.meta.main) {
  const child = new Greeter("Ada");
  child.start();
  await child.join();
  console.log(`main: exit code ${child.exitCode}`);
}
