console.log("lanes");
